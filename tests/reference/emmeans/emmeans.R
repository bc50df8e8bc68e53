# Reference answers: Rscript emmeans.R questions.json answers.json data
# Needs lme4, lmerTest, pbkrtest, car, emmeans, mvtnorm, jsonlite, splines. Running the tests needs none of them.
# Type III is car's on contr.sum. The multivariate t is integrated over its chi variable, at degrees of freedom that need
# not be whole: emmeans rounds them, and draws points at random.
suppressMessages({library(lmerTest); library(car); library(emmeans); library(mvtnorm); library(jsonlite); library(splines)})
arguments <- commandArgs(TRUE)
emm_options(msg.interaction = FALSE, msg.nesting = FALSE)
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.02, rhoend = 1e-10, maxfun = 50000),
                     calc.derivs = FALSE, check.conv.singular = "ignore", check.conv.grad = "ignore",
                     check.conv.hess = "ignore")

# bobyqa from the default start, then twice more from its own end, as in ../lme4/lme4.R
best <- function(formula, d, prior) {
  fixed <- c(list(formula = formula, data = d, control = tight), if (!is.null(prior)) list(weights = d[[prior]]))
  run <- function(...) do.call(lme4::lmer, c(fixed, list(...)))
  fit <- suppressMessages(run())
  for (i in 1:2) fit <- suppressMessages(run(start = getME(fit, "theta")))
  fit
}

tests <- function(q, fit) {
  table <- Anova(fit, type = q$type, test.statistic = "F")
  list(term = rownames(table), F = table$F, df_num = table$Df, df = table$Df.res, p_value = table[["Pr(>F)"]])
}

exact <- function(t, df, correlation) {  # 1 - P(all |T| < |t|), T multivariate t
  inside <- function(u) sapply(u, function(p) {
    s <- sqrt(qchisq(p, df) / df)
    pmvnorm(rep(-abs(t) * s, nrow(correlation)), rep(abs(t) * s, nrow(correlation)), corr = correlation,
            algorithm = Miwa(steps = 1024))
  })
  1 - integrate(inside, 0, 1, rel.tol = 1e-7)$value
}

rows <- function(result, adjust, infer) {
  s <- as.data.frame(summary(result, infer = infer, adjust = adjust))
  low <- intersect(c("lower.CL", "asymp.LCL"), names(s)); high <- intersect(c("upper.CL", "asymp.UCL"), names(s))
  estimate <- intersect(c("emmean", "response", "estimate", "ratio", grep("\\.trend$", names(s), value = TRUE)), names(s))[1]
  out <- list(estimate = s[[estimate]], std_error = s$SE, df = s$df, conf_low = s[[low]], conf_high = s[[high]])
  if (infer[2]) out <- c(out, list(statistic = if (is.null(s$t.ratio)) rep(NA, nrow(s)) else s$t.ratio, p_adjusted = s$p.value))
  out
}

judged <- function(q, result, type) {
  if (is.null(q$contrasts)) return(rows(result, "none", c(TRUE, q$ask == "slopes")))
  levels <- unique(as.data.frame(result)[[q$of[1]]])
  method <- q$contrasts
  made <- if (is.list(method)) contrast(result, method, type = type)
    else if (method == "reference") {
      k <- if (is.null(q$reference)) 1 else which(levels == q$reference)
      contrast(result, "trt.vs.ctrl", ref = k, type = type)
    } else contrast(result, c(pairwise = "pairwise", consecutive = "consec")[[method]], type = type)
  usual <- if (is.list(method)) "none" else "tukey"
  adjust <- if (is.null(q$adjust)) usual else q$adjust
  if (adjust != "mvt") return(rows(made, if (adjust == "bh") "BH" else adjust, c(TRUE, TRUE)))
  out <- rows(made, "none", c(TRUE, TRUE))
  correlation <- cov2cor(vcov(made))
  out$p_adjusted <- mapply(exact, out$statistic, out$df, MoreArgs = list(correlation = correlation))
  out$conf_low <- out$conf_high <- NULL
  out
}

answered <- function(q) {
  message(q$name)
  text <- gsub("C\\((\\w+), (Sum|Helmert|Treatment\\([^)]*\\))\\)", "\\1", q$formula)  # ours; no answer depends on the coding, type III aside
  d <- read.csv(file.path(arguments[3], paste0(q$data, ".csv")), stringsAsFactors = TRUE)
  third <- identical(q$type, 3L)
  options(contrasts = c(if (third) "contr.sum" else "contr.treatment", "contr.poly"))
  fit <- best(as.formula(text), d, q$prior)
  if (q$ask == "tests") return(tests(q, fit))
  df <- if (is.null(q$df)) "kenward-roger" else q$df
  type <- if (isTRUE(q$back)) "response" else "linear"
  common <- list(fit, by = if (length(q$by)) unlist(q$by), lmer.df = df)
  if (!is.null(q$at)) common$at <- lapply(q$at, unlist)
  if (!is.null(q$weights)) common$weights <- q$weights
  result <- if (q$ask == "means") do.call(emmeans, c(common, list(specs = unlist(q$of), type = type)))
    else {
      common$by <- NULL
      specs <- if (length(q$by)) unlist(q$by) else "1"
      do.call(emtrends, c(common, list(specs = if (length(q$by)) specs else ~ 1, var = q$of, delta.var = 1e-5)))
    }
  judged(q, result, type)
}

questions <- fromJSON(arguments[1], simplifyVector = TRUE, simplifyDataFrame = FALSE)
answers <- lapply(questions, answered)
names(answers) <- sapply(questions, function(q) q$name)
used <- c("lme4", "pbkrtest", "car", "emmeans", "mvtnorm")
versions <- sapply(used, function(p) as.character(packageVersion(p)))
write(toJSON(list(R = as.character(getRversion()), versions = as.list(versions), answers = answers),
             auto_unbox = TRUE, digits = 12, pretty = TRUE, na = "null"), arguments[2])
