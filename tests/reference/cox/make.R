# Leaving with delayed entry: 30 units, employments split by year, covariates of the unit that change every year.
# Times are rounded to hundredths, so that there are ties and spells begin at moments at which others end.
suppressMessages({library(survival); library(jsonlite)})
set.seed(61)
units <- 30; years <- 0:9
x <- matrix(round(rnorm(units * length(years)), 3), units); z <- matrix(round(rnorm(units * length(years)), 3), units)
rows <- list()
for (u in 1:units) for (k in 1:8) {
  start <- round(runif(1, -6, 9), 2); leave <- Inf
  for (p in years) if (p + 1 > start && is.infinite(leave)) {
    risk <- .14 * exp(.3 * x[u, p + 1] - .2 * z[u, p + 1])
    at <- max(start, p) + rexp(1, risk)
    if (at < p + 1) leave <- max(round(at, 2), round(max(start, p), 2) + .01)
    until <- min(leave, p + 1)
    rows[[length(rows) + 1]] <- data.frame(
      cluster = u, period = p, entry = round(max(start, p) - start, 2), exit = round(until - start, 2),
      event = as.integer(leave == until), x = x[u, p + 1], z = z[u, p + 1]
    )
  }
}
data <- do.call(rbind, rows); data <- data[data$exit > data$entry, ]
write.csv(data, "data.csv", row.names = FALSE)

fitted <- function(formula) {
  model <- coxph(formula, data = data, ties = "breslow", cluster = cluster, control = coxph.control(eps = 1e-12))
  list(estimate = unname(coef(model)), robust_se = unname(sqrt(diag(vcov(model)))), naive_se = unname(sqrt(diag(model$naive.var))))
}
data$id <- seq_len(nrow(data))
curve <- survfit(Surv(entry, exit, event) ~ 1, data = data, start.time = 1, cluster = cluster, id = id, robust = TRUE)
at <- summary(curve, times = c(1, 2, 3, 5, 8))
answers <- list(
  one = fitted(Surv(entry, exit, event) ~ x + strata(period)),
  two = fitted(Surv(entry, exit, event) ~ x + z),
  curve = list(time = at$time, estimate = at$surv, std_err = at$std.err),
  n_events = sum(data$event)
)
write_json(answers, "expected.json", digits = 14, auto_unbox = TRUE, pretty = TRUE)
