# Reference answers: Rscript lme4.R [folder with sleepstudy.csv, Penicillin.csv, Pastes.csv, Dyestuff2.csv]
# writes answers.json from models.csv. Needs lme4, lmerTest, pbkrtest, jsonlite. Running the tests needs none of them.
suppressMessages({library(lmerTest); library(pbkrtest); library(jsonlite)})
classic <- commandArgs(TRUE)[1]
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 50000),
                     check.conv.singular = "ignore", check.conv.grad = "ignore", check.conv.hess = "ignore")

read <- function(name, formula) {
  path <- file.path("data", paste0(name, ".csv"))
  d <- read.csv(if (file.exists(path)) path else file.path(classic, paste0(name, ".csv")))
  numbers <- c("count", "hard", "Days", "Reaction", "score", "diameter", "strength", "Yield")
  for (column in setdiff(names(d), numbers)) d[[column]] <- factor(d[[column]])
  d
}

# bobyqa from the default start, then twice more from its own end: the last digits matter here
best <- function(formula, d, reml) {
  fit <- lmer(formula, d, REML = reml, control = tight)
  for (i in 1:2) fit <- lmer(formula, d, REML = reml, control = tight, start = getME(fit, "theta"))
  fit
}

answer <- function(row) {
  formula <- as.formula(row[["formula"]])
  d <- read(row[["data"]])
  fit <- best(formula, d, TRUE)
  p <- length(fixef(fit))
  L <- diag(p)
  each <- function(ddf) sapply(1:p, function(i) contest(fit, L[i, ], joint = FALSE, ddf = ddf)$df)
  joint <- function(ddf) { f <- contest(fit, L, joint = TRUE, ddf = ddf); c(f[["F value"]], f[["NumDF"]], f[["DenDF"]]) }
  effects <- ranef(fit, condVar = TRUE)
  list(
    name = row[["name"]], data = row[["data"]], formula = row[["formula"]],
    criterion = REMLcrit(fit), ml_deviance = deviance(best(formula, d, FALSE)), singular = isSingular(fit),
    beta = unname(fixef(fit)), std_error = unname(sqrt(diag(as.matrix(vcov(fit))))),
    residual_variance = sigma(fit)^2,
    covariances = lapply(unname(VarCorr(fit)), function(v) unname(matrix(v, nrow(v)))),
    kr_std_error = unname(sqrt(diag(as.matrix(vcovAdj(fit))))),
    kr_df = each("Kenward-Roger"), satterthwaite_df = each("Satterthwaite"),
    kr_joint = joint("Kenward-Roger"), satterthwaite_joint = joint("Satterthwaite"),
    groups = names(VarCorr(fit)),
    fitted = unname(fitted(fit))[1:5]
  )
}

models <- read.csv("models.csv", colClasses = "character")
answers <- lapply(seq_len(nrow(models)), function(i) answer(models[i, ]))
versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(p) as.character(packageVersion(p)))
write(toJSON(list(R = as.character(getRversion()), versions = as.list(versions), models = answers),
             auto_unbox = TRUE, digits = 15, pretty = TRUE), "answers.json")
