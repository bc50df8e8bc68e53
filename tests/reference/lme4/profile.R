# Reference profile intervals: Rscript profile.R CLASSIC profile.json   (CLASSIC: sleepstudy and Dyestuff2 as .csv)
suppressMessages({library(lme4); library(jsonlite)})
arguments <- commandArgs(TRUE)
ask <- function(file, formula) {
  d <- read.csv(file.path(arguments[1], paste0(file, ".csv")))
  fit <- lmer(as.formula(formula), d, REML = FALSE)
  ends <- confint(fit, method = "profile", oldNames = FALSE, quiet = TRUE)
  ends <- ends[grepl("^sd_|^sigma", rownames(ends)), ]
  list(data = file, formula = formula, names = rownames(ends), low = unname(ends[, 1]), high = unname(ends[, 2]))
}
models <- list(ask("sleepstudy", "Reaction ~ Days + (1 + Days | Subject)"), ask("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
write(toJSON(list(models = models), auto_unbox = TRUE, digits = 10, pretty = TRUE), arguments[2])
