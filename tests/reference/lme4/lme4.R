# Reference answers: Rscript lme4.R MODELS.csv ANSWERS.json FOLDER...
#   Rscript lme4.R models.csv answers.json data CLASSIC     (CLASSIC: sleepstudy, Penicillin, Pastes, Dyestuff2 as .csv)
#   Rscript lme4.R slopes.csv slopes.json data              (slopes on more than forty levels)
#   Rscript lme4.R large.csv large.json LARGE               (LARGE: what simulate.py LARGE has written)
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
  d <- read.csv(paths[file.exists(paths)][1])
  numbers <- c("count", "hard", "Days", "Reaction", "score", "diameter", "strength", "Yield")
  for (column in setdiff(names(d), numbers)) d[[column]] <- factor(d[[column]])
  d
}

# bobyqa from the default start, then twice more from its own end: the last digits matter here
best <- function(formula, d, reml, lmer) {
  fit <- lmer(formula, d, REML = reml, control = tight)
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
  formula <- as.formula(gsub("\\bSum\\b", "contr.sum", row[["formula"]]))  # C(a, Sum) is ours
  d <- read(row[["data"]])
  lmer <- if (row[["df"]] == "none") lme4::lmer else lmerTest::lmer
  fit <- best(formula, d, TRUE, lmer)
  c(list(
    name = row[["name"]], data = row[["data"]], formula = row[["formula"]], rows = nobs(fit),
    criterion = REMLcrit(fit), ml_deviance = deviance(best(formula, d, FALSE, lme4::lmer)), singular = isSingular(fit),
    beta = unname(fixef(fit)), std_error = unname(sqrt(diag(as.matrix(vcov(fit))))),
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
