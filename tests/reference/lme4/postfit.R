# Reference answers for what is asked of a fit: Rscript postfit.R FOLDER   (FOLDER: tests/reference/lme4/postfit)
# Writes the simulated tables (rows.csv, new.csv) and answers.json there. Needs lme4, lmerTest, pbkrtest, performance,
# insight, jsonlite, splines; running the tests needs none of them.
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(performance); library(jsonlite); library(splines)})
folder <- commandArgs(TRUE)[1]
set.seed(2016)

n <- 210
d <- data.frame(g = sprintf("g%02d", sample(1:14, n, TRUE, prob = (1:14) + 4)), h = sample(101:109, n, TRUE),
                f = sample(c("lo", "mid", "top"), n, TRUE), a = sample(c("no", "yes"), n, TRUE),
                x = round(rnorm(n, 3, 2), 3), z = round(runif(n, 1, 9), 3))
level <- function(v, sd) { u <- rnorm(length(unique(v)), 0, sd); u[match(v, sort(unique(v)))] }
d$o <- round(rnorm(n, 0, 2), 3)
d$w <- round(exp(rnorm(n, 0, 0.9)), 3)
eta <- 10 + 0.6 * d$x + 1.1 * (d$f == "mid") - 0.7 * (d$f == "top") + 0.2 * d$z
d$y <- round(eta + level(d$g, 1.5) + level(d$g, 0.5) * d$x + level(d$h, 0.8) + level(paste(d$g, d$f), 0.5) + rnorm(n, 0, 1.2), 4)
d$yw <- round(eta + level(d$g, 1) + level(d$g, 0.4) * d$x + rnorm(n, 0, 1.2) / sqrt(d$w), 4)
d$yo <- round(d$yw + d$o, 4)
d$flat <- round(10 + 0.5 * d$x + 2 * as.vector(scale(resid(lm(rnorm(n) ~ d$g + d$x)))), 4)  # group means of residuals are 0
write.csv(d, file.path(folder, "rows.csv"), row.names = FALSE, quote = FALSE)

new <- data.frame(g = c("g01", "g05", "g14", "g08", "new", "g03"), h = c(101, 105, 109, 999, 102, 107),
                  f = c("lo", "mid", "top", "lo", "mid", "top"), a = c("no", "yes", "no", "no", "yes", "yes"),
                  x = c(-4, 0, 3, 6, 2.5, 12), z = c(1, 5, 9, 3.3, 12, 4), o = c(0, 1, -1, 2, 0.5, 3), w = c(1, 2, 0.5, 4, 1, 1))
write.csv(new, file.path(folder, "new.csv"), row.names = FALSE, quote = FALSE)

tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 50000),
                     calc.derivs = FALSE, check.conv.singular = "ignore", check.conv.grad = "ignore", check.conv.hess = "ignore")
for (column in c("g", "h", "f", "a")) { d[[column]] <- factor(d[[column]]); new[[column]] <- factor(new[[column]]) }
models <- list(  # name, formula, weights, REML
  list("intercepts", "y ~ x + (1 | g)"), list("crossed", "y ~ x * f + (1 | g) + (1 | h)"),
  list("slopes", "y ~ x + (1 + x | g)"), list("slopes_crossed", "y ~ x + f + (1 + x | g) + (1 | h)"),
  list("double_bar", "y ~ x + (1 + x || g)"), list("slopes_alone", "y ~ f + (0 + x | g)"),
  list("nested", "y ~ x + (1 | g/f)"), list("factor_slopes", "y ~ x + f + (1 + a | g)"),
  list("crossing", "y ~ x + (1 | g:f)"), list("constant", "y ~ 1 + (1 | g) + (1 | h)"),
  list("boundary", "flat ~ x + (1 | g)"), list("boundary_slopes", "flat ~ x + (1 + x | g)"),
  list("boundary_part", "y ~ x + (1 | g) + (1 | a:f)"),
  list("weights", "yw ~ x + f + z + (1 | g)", "w"), list("weights_slopes", "yw ~ x + f + z + (1 + x | g) + (1 | h)", "w"),
  list("offset", "yo ~ x + f + z + offset(o) + (1 | g)"), list("offset_weights", "yo ~ x + f + z + offset(o) + (1 + x | g)", "w"),
  list("offset_log", "yo ~ x + offset(2 * log(z)) + (1 | g) + (1 | h)"),
  list("ml", "y ~ x + f + (1 | g) + (1 | h)", NULL, FALSE), list("ml_slopes", "y ~ x + f + (1 + x | g)", NULL, FALSE),
  list("ml_weights", "yw ~ x + f + (1 + x | g)", "w", FALSE),
  list("poly", "y ~ poly(x, 2) + scale(z) + (1 | g)"), list("raw", "y ~ poly(x, 3, raw = TRUE) + log(z) + (1 | g)"),
  list("bs", "y ~ bs(x, df = 5) + (1 | g)"), list("ns", "y ~ ns(x, df = 3) + f + (1 | g)"),
  list("codings", "y ~ C(f, contr.sum) + C(a, contr.helmert) + (1 | g)"),
  list("helmert", "y ~ C(f, contr.helmert) * x + (1 | g)"), list("reference", "y ~ relevel(f, ref = 'mid') * x + (1 | g)"),
  list("scaled_slopes", "y ~ scale(x) + f + (1 + scale(x) | g)"))

best <- function(formula, w, reml) {
  fit <- lmer(formula, d, REML = reml, control = tight, weights = w)
  for (i in 1:2) fit <- lmer(formula, d, REML = reml, control = tight, weights = w, start = getME(fit, "theta"))
  fit
}

# Nakagawa & Schielzeth 2013, Johnson 2014 as MuMIn::r.squaredGLMM has them, from lme4's own parts
parts <- function(fit) {
  each <- sapply(names(VarCorr(fit)), function(k) NA)
  V <- VarCorr(fit)
  mm <- getME(fit, "mmList")
  random <- sum(sapply(seq_along(V), function(k) mean(rowSums((mm[[k]] %*% V[[k]]) * mm[[k]]))))
  fixed <- var(as.vector(getME(fit, "X") %*% fixef(fit)))
  residual <- sigma(fit)^2
  list(marginal = fixed / (fixed + random + residual), conditional = (fixed + random) / (fixed + random + residual),
       icc_adjusted = random / (random + residual), icc_unadjusted = random / (fixed + random + residual))
}

# var(x'b + z'u - (x'B + z'U)) from Henderson's equations, dense, in lme4's own matrices
joint <- function(fit, X, Z, w) {
  L <- t(getME(fit, "Lambdat")); ZL <- getME(fit, "Z") %*% L; big <- cbind(ZL, getME(fit, "X"))
  C <- as.matrix(t(big) %*% (big * w)); q <- ncol(ZL)
  C[1:q, 1:q] <- C[1:q, 1:q] + diag(q)
  rows <- cbind(as.matrix(Z %*% L), X)
  sigma(fit)^2 * rowSums((rows %*% solve(C)) * rows)
}

answer <- function(m) {
  message(m[[1]])
  w <- if (length(m) > 2 && !is.null(m[[3]])) d[[m[[3]]]] else rep(1, n)
  assign("w_", w, envir = globalenv())
  reml <- length(m) < 4
  f <- as.formula(m[[2]])
  fit <- lmer(f, d, REML = reml, control = tight, weights = w_)
  for (i in 1:2) fit <- lmer(f, d, REML = reml, control = tight, weights = w_, start = getME(fit, "theta"))
  ll <- logLik(fit)
  said <- suppressWarnings(suppressMessages(r2_nakagawa(fit)))
  ratio <- suppressWarnings(suppressMessages(icc(fit)))
  effects <- as.data.frame(ranef(fit, condVar = TRUE))
  fixed <- delete.response(terms(fit, fixed.only = TRUE))
  frame <- model.frame(delete.response(terms(lm(nobars(f), d))), new, xlev = .getXlevels(terms(fit, fixed.only = TRUE), model.frame(fit)))
  X <- model.matrix(fixed, frame, contrasts.arg = attr(getME(fit, "X"), "contrasts"))
  known <- new$g %in% d$g & new$h %in% d$h & paste(new$g, new$f) %in% paste(d$g, d$f)
  both <- rbind(d[names(new)], new[known, ])
  Z <- if (grepl("scale(x) |", m[[2]], fixed = TRUE)) NULL else  # its state is of the rows of the fit alone
    t(mkReTrms(findbars(f), droplevels(both), drop.unused.levels = TRUE)$Zt)[n + seq_len(sum(known)), ]
  out <- list(
    name = m[[1]], formula = m[[2]], weights = if (length(m) > 2) m[[3]] else NULL, reml = reml,
    criterion = if (reml) REMLcrit(fit) else deviance(fit), loglik = as.numeric(ll), df = attr(ll, "df"),
    aic = AIC(fit), bic = BIC(fit), levels = as.list(ngrps(fit)), singular = isSingular(fit),
    beta = unname(fixef(fit)), std_error = unname(sqrt(diag(as.matrix(vcov(fit))))), sigma = sigma(fit),
    sd = as.data.frame(VarCorr(fit))$sdcor, X = unname(head(getME(fit, "X"), 5)),
    parts = parts(fit),
    performance = if (is.list(said) && is.list(ratio) && !is.na(said$R2_conditional)) list(marginal = unname(said$R2_marginal),
      conditional = unname(said$R2_conditional), icc_adjusted = ratio$ICC_adjusted, icc_unadjusted = ratio$ICC_unadjusted) else NULL,
    effects = list(group = as.character(effects$grpvar), term = as.character(effects$term), level = as.character(effects$grp),
                   estimate = effects$condval, sd = effects$condsd),
    fitted = unname(head(fitted(fit), 8)), response = unname(head(residuals(fit, "response"), 8)),
    pearson = unname(head(residuals(fit, "pearson"), 8)), scaled = unname(head(residuals(fit, "pearson", scaled = TRUE), 8)),
    predicted = unname(predict(fit, new, allow.new.levels = TRUE)),
    population = unname(predict(fit, new, re.form = NA)),
    by_g = if (all(c("g", "h") %in% names(ngrps(fit)))) unname(predict(fit, new, re.form = if ("x" %in% colnames(ranef(fit)$g)) ~(1 + x | g) else ~(1 | g), allow.new.levels = TRUE)) else NULL,
    new_X = unname(X), known = which(known),
    joint_error = if (is.null(Z)) NULL else sqrt(joint(fit, X[known, , drop = FALSE], Z, w)))
  if (reml && !out$singular) {
    # pbkrtest leaves weights out: the same model of rows times their roots has none
    s <- sqrt(w)
    Xs <- getME(fit, "X") * s
    Z <- getME(fit, "mmList"); bars <- findbars(f)
    if (any(w != 1)) {
      e <- data.frame(ys = (getME(fit, "y") - getME(fit, "offset")) * s, d[c("g", "h")])
      e$Xs <- Xs
      for (k in seq_along(Z)) e[[paste0("Z", k)]] <- Z[[k]] * s
      ks <- paste(sapply(seq_along(Z), function(k) sprintf("(0 + Z%d | %s)", k, names(getME(fit, "cnms"))[k])), collapse = " + ")
      scaled <- lmer(as.formula(paste("ys ~ 0 + Xs +", ks)), e, control = tight, start = getME(fit, "theta"))
    } else scaled <- fit
    L <- diag(length(fixef(fit)))
    each <- function(rows) sapply(seq_len(nrow(rows)), function(i) unlist(contest(scaled, rows[i, ], joint = FALSE, ddf = "Kenward-Roger")[c("Std. Error", "df")]))
    kr <- each(L)
    out$kr_std_error <- unname(kr[1, ]); out$kr_df <- unname(kr[2, ])
    at <- each(X)
    out$population_error <- unname(at[1, ]); out$population_df <- unname(at[2, ])
  }
  out
}

answers <- lapply(models, answer)
versions <- sapply(c("lme4", "lmerTest", "pbkrtest", "performance", "insight"), function(p) as.character(packageVersion(p)))
write(toJSON(list(R = as.character(getRversion()), versions = as.list(versions), models = answers),
             auto_unbox = TRUE, digits = 15, null = "null"), file.path(folder, "answers.json"))
