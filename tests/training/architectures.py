"""Tiny random models of true architectures, by their own configurations."""

from pathlib import Path

import torch
from tests.training.conftest import build_tokenizer
from transformers import AutoConfig, AutoModel, AutoModelForMaskedLM
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING

VOCABULARY, WIDTH, LAYERS = 96, 32, 3
_COMMON = {
    "vocab_size": VOCABULARY, "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": 2,
    "intermediate_size": 48, "max_position_embeddings": 130, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2,
    "initializer_range": 0.2,
}  # fmt: skip
_T5 = {
    "vocab_size": VOCABULARY, "d_model": WIDTH, "d_kv": 16, "d_ff": 48, "num_layers": LAYERS, "num_decoder_layers": 1,
    "num_heads": 2, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1,
    "relative_attention_num_buckets": 8,
}  # fmt: skip
_LOCAL = "sliding_attention"
_DECODER = _COMMON | {"num_key_value_heads": 1, "head_dim": 16}
# name in the tests -> model type, and what its configuration has beside the common values (None: nothing but these)
ARCHITECTURES = {
    "BERT": ("bert", _COMMON | {"type_vocab_size": 2}),
    "RoBERTa": ("roberta", _COMMON | {"type_vocab_size": 1}),
    "XLM-R": ("xlm-roberta", _COMMON | {"type_vocab_size": 1}),
    "XLM-R XL": ("xlm-roberta-xl", _COMMON | {"type_vocab_size": 1}),
    "XLM": ("xlm", {"vocab_size": VOCABULARY, "emb_dim": WIDTH, "n_layers": LAYERS, "n_heads": 2, "n_langs": 1,
                    "max_position_embeddings": 130, "pad_index": 1, "pad_token_id": 1, "bos_token_id": 0,
                    "embed_init_std": 0.2, "init_std": 0.2}),
    "DistilBERT": ("distilbert", {"vocab_size": VOCABULARY, "dim": WIDTH, "n_layers": LAYERS, "n_heads": 2,
                                  "hidden_dim": 48, "max_position_embeddings": 130, "pad_token_id": 1,
                                  "initializer_range": 0.2}),
    "mDeBERTa-v3": ("deberta-v2", _COMMON | {"type_vocab_size": 0, "relative_attention": True, "position_buckets": 16,
                                             "norm_rel_ebd": "layer_norm", "share_att_key": True,
                                             "pos_att_type": ["p2c", "c2p"], "position_biased_input": False}),
    "DeBERTa-v2": ("deberta-v2", _COMMON | {"type_vocab_size": 0, "relative_attention": True, "position_buckets": 16,
                                            "norm_rel_ebd": "layer_norm", "share_att_key": True,
                                            "pos_att_type": ["p2c", "c2p"], "position_biased_input": False,
                                            "conv_kernel_size": 3, "conv_act": "gelu"}),
    "ELECTRA": ("electra", _COMMON | {"embedding_size": 16, "type_vocab_size": 2}),
    "RemBERT": ("rembert", _COMMON | {"input_embedding_size": 16, "output_embedding_size": 24, "type_vocab_size": 2}),
    "ModernBERT": ("modernbert", _COMMON | {"cls_token_id": 0, "sep_token_id": 2, "local_attention": 8,
                                            "global_attn_every_n_layers": 2}),
    "EuroBERT": ("eurobert", _COMMON | {"mask_token_id": 95, "num_key_value_heads": 1}),
    "mT5": ("mt5", _T5),
    "umT5": ("umt5", _T5),
    "Qwen3": ("qwen3", _DECODER),
    "Gemma": ("gemma", _DECODER),
    "Llama": ("llama", _DECODER),
    "EmbeddingGemma": ("gemma3_text", _DECODER | {"use_bidirectional_attention": True, "sliding_window": 8,
                                                  "layer_types": [_LOCAL, "full_attention", _LOCAL]}),
    "ALBERT": ("albert", _COMMON | {"embedding_size": 16, "type_vocab_size": 2}),
}  # fmt: skip
CAUSAL = ("Qwen3", "Gemma", "Llama")
LAYERED = [name for name in ARCHITECTURES if name != "ALBERT"]  # whose layers have weights of their own


def configuration(name: str):
    """The tiny configuration of an architecture."""
    kind, values = ARCHITECTURES[name]
    return AutoConfig.for_model(kind, **values)


def save_architecture(folder: Path, name: str, *, head: bool = False) -> Path:
    """Write a tiny random model with its tokenizer; `head`: with its masked-language head where it has one."""
    config = configuration(name)
    door = AutoModelForMaskedLM if head and type(config) in MODEL_FOR_MASKED_LM_MAPPING else AutoModel
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = door.from_config(config)
        with torch.no_grad():
            for name_, value in model.named_parameters():
                if value.ndim == 1 or "relative_attention_bias" in name_:
                    value.add_(0.1 * torch.randn(value.shape))  # so that no norm or bias is left out unseen
    model.save_pretrained(folder)
    build_tokenizer().save_pretrained(folder)
    return folder
