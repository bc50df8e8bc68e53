# Times lme4 on one table: reads requests (JSON lines) from standard input, answers each with seconds.
started <- proc.time()[["elapsed"]]
suppressMessages({library(lme4); library(jsonlite)})
imported <- proc.time()[["elapsed"]] - started
quiet <- lmerControl(check.conv.singular = "ignore", check.conv.grad = "ignore", check.conv.hess = "ignore")
lines <- file("stdin", "r")
seconds <- function(run) system.time(run())[["elapsed"]]
reply <- function(...) { cat(toJSON(list(...), auto_unbox = TRUE, digits = 9), "\n", sep = ""); flush(stdout()) }
while (length(line <- readLines(lines, 1)) > 0) {
  request <- fromJSON(line)
  if (request$do == "read") {
    d <- read.csv(request$path, stringsAsFactors = TRUE)
    reply(seconds = imported)
  } else if (request$do == "fit") {
    reply(seconds = seconds(function() fit <<- lmer(as.formula(request$formula), d, control = quiet)))
  } else {
    y <- d[[paste0("score_", request$replicate)]]
    reply(seconds = seconds(function() refit(fit, y, control = quiet)))
  }
}
