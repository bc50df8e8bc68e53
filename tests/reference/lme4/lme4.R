# Reference answers: Rscript lme4.R MODELS.csv ANSWERS.json FOLDER...
#   Rscript lme4.R models.csv answers.json data CLASSIC     (CLASSIC: sleepstudy, Penicillin, Pastes, Dyestuff2 as .csv)
#   Rscript lme4.R slopes.csv slopes.json data              (slopes on more than forty levels)
#   Rscript lme4.R large.csv large.json LARGE               (LARGE: what simulate.py LARGE has written)
#   LC_ALL=C Rscript lme4.R registry.csv registry.json DATA (DATA: what registry.py DATA has written)
#   LC_ALL=C Rscript lme4.R cases.csv cases.json CASES       (CASES: the folder of mixed/simpson30.csv and others)
# Needs lme4, lmerTest, pbkrtest, jsonlite. Running the tests needs none of them. The column df of MODELS.csv says which
# degrees of freedom to take: pbkrtest forms matrices of rows by rows, lmerTest differentiates by finite differences;
# neither is feasible everywhere.
suppressMessages({library(lmerTest); library(pbkrtest); library(jsonlite)})
arguments <- commandArgs(TRUE)
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 50000),
                     calc.derivs = FALSE, check.conv.singular = "ignore", check.conv.grad = "ignore",
                     check.conv.hess = "ignore")

read <- function(name) {
  paths <- file.path(arguments[-(1:2)], paste0(name, ".csv"))
  real <- grepl("/", name)  # a package's data set: its numbers stay numbers
  gaps <- if (startsWith(name, "mixed/")) "" else "NA"  # the shared cases have levels called NA
  d <- read.csv(paths[file.exists(paths)][1], stringsAsFactors = real, na.strings = gaps)
  if (real) return(d)
  numbers <- c("count", "hard", "Days", "Reaction", "score", "diameter", "strength", "Yield")
  for (column in setdiff(names(d), numbers)) d[[column]] <- factor(d[[column]])
  d
}

# bobyqa from starts of several sizes, as one start ends in a local optimum for some data; then twice more from the end
# of the best, as the last digits matter here
best <- function(formula, d, reml, lmer) {
  first <- lmer(formula, d, REML = reml, control = tight)
  variances <- getME(first, "lower") == 0
  from <- function(size) lmer(formula, d, REML = reml, control = tight, start = size * variances)
  fits <- c(first, lapply(c(5, 20, 100), from))
  fit <- fits[[which.min(sapply(fits, function(f) -2 * logLik(f)))]]
  for (i in 1:2) fit <- lmer(formula, d, REML = reml, control = tight, start = getME(fit, "theta"))
  fit
}

tested <- function(fit, ddf) {
  L <- diag(length(fixef(fit)))
  f <- contest(fit, L, joint = TRUE, ddf = ddf)
  each <- sapply(seq_len(nrow(L)), function(i) contest(fit, L[i, ], joint = FALSE, ddf = ddf)$df)
  list(df = each, joint = c(f[["F value"]], f[["NumDF"]], f[["DenDF"]]))
}

small_sample <- function(fit, which) {
  out <- list()
  if (which %in% c("both", "satterthwaite")) {
    s <- tested(fit, "Satterthwaite")
    out <- c(out, list(satterthwaite_df = s$df, satterthwaite_joint = s$joint))
  }
  if (which == "both") {
    k <- tested(fit, "Kenward-Roger")
    out <- c(out, list(kr_std_error = unname(sqrt(diag(as.matrix(vcovAdj(fit))))), kr_df = k$df, kr_joint = k$joint))
  }
  out
}

answer <- function(row) {
  message(row[["name"]])
  text <- gsub("\\bC\\((\\w+)\\)", "factor(\\1)", row[["formula"]])  # C(a) and C(a, Sum) are ours
  formula <- as.formula(gsub("\\bSum\\b", "contr.sum", text))
  d <- read(row[["data"]])
  lmer <- if (row[["df"]] == "none") lme4::lmer else lmerTest::lmer
  fit <- best(formula, d, TRUE, lmer)
  c(list(
    name = row[["name"]], data = row[["data"]], formula = row[["formula"]], rows = nobs(fit),
    criterion = REMLcrit(fit), ml_deviance = deviance(best(formula, d, FALSE, lme4::lmer)), singular = isSingular(fit),
    terms = names(fixef(fit)), beta = unname(fixef(fit)), std_error = unname(sqrt(diag(as.matrix(vcov(fit))))),
    residual_variance = sigma(fit)^2,
    covariances = lapply(unname(VarCorr(fit)), function(v) unname(matrix(v, nrow(v)))),
    groups = names(VarCorr(fit)),
    fitted = unname(fitted(fit))[1:5]
  ), small_sample(fit, row[["df"]]))
}

models <- read.csv(arguments[1], colClasses = "character")
answers <- lapply(seq_len(nrow(models)), function(i) answer(models[i, ]))
versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(p) as.character(packageVersion(p)))
write(toJSON(list(R = as.character(getRversion()), versions = as.list(versions), models = answers),
             auto_unbox = TRUE, digits = 15, pretty = TRUE), arguments[2])
