# Rscript bootmer.R writes bootmer.json: means and standard deviations of 1,000 replicates of lme4's parametric bootstrap.
suppressMessages({library(lme4); library(jsonlite)})
models <- list(crossed = score ~ count + (1 | seed) + (1 | language) + (1 | task),
               slopes2 = score ~ count + (1 + count | language) + (1 | seed))
quiet <- lmerControl(optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore")
statistic <- function(fit) c(fixef(fit), sqrt(diag(as.matrix(vcov(fit)))), sigma(fit), REMLcrit(fit),
                             unlist(lapply(VarCorr(fit)[c("language", "seed")], function(v) v[lower.tri(v, TRUE)])))
replicated <- function(name) {
  d <- read.csv(file.path("data", paste0(name, ".csv")))
  t <- bootMer(lmer(models[[name]], d, control = quiet), statistic, nsim = 1000, seed = 2026, type = "parametric")$t
  list(data = name, formula = paste(deparse(models[[name]], 500)), replicates = nrow(t),
       mean = unname(colMeans(t)), sd = unname(apply(t, 2, sd)))
}
write(toJSON(lapply(names(models), replicated), auto_unbox = TRUE, digits = 12, pretty = TRUE), "bootmer.json")
