# x and y over five waves with lasting levels, units of unlike spread; the random-intercept cross-lagged model by lavaan.
suppressMessages(library(lavaan))
source("../panel.R")
set.seed(46)
n <- 160; waves <- 5; burn <- 20
spread <- exp(.4 * rnorm(n)); x <- y <- matrix(0, n, waves + burn)
for (t in 3:(waves + burn)) {
  x[, t] <- .4 * x[, t - 1] + .2 * y[, t - 1] + spread * rnorm(n)
  y[, t] <- .3 * y[, t - 1] + .2 * x[, t - 1] + .2 * x[, t - 2] + spread * rnorm(n)
}
level <- rnorm(n)
now <- burn + 1:waves
wide <- data.frame(
  round(10 + 3 * (x[, now] + level + rnorm(n)), 3), round(y[, now] + level + rnorm(n) + rep(1:waves, each = n), 3)
)
names(wide) <- c(paste0("x", 1:waves), paste0("y", 1:waves))
data <- data.frame(
  entity = rep(1:n, waves), time = rep(2000 + 1:waves, each = n), x = unlist(wide[1:waves]), y = unlist(wide[waves + 1:waves])
)
write.csv(data, "data.csv", row.names = FALSE)

model <- function(lag) {
  of <- function(side, wave) paste0("w", side, wave)
  lines <- c()
  for (side in c("x", "y")) {
    lines <- c(lines, paste0("i", side, " =~ ", paste0("1*", side, 1:waves, collapse = " + ")))
    lines <- c(lines, paste0(of(side, 1:waves), " =~ 1*", side, 1:waves), paste0(side, 1:waves, " ~~ 0*", side, 1:waves))
  }
  for (t in (lag + 1):waves) {
    for (to in c("x", "y")) for (by in c("x", "y")) for (back in 1:lag) {
      lines <- c(lines, paste0(of(to, t), " ~ ", to, "_on_", by, back, "*", of(by, t - back)))
    }
    lines <- c(lines, paste0(of("x", t), " ~~ vx*", of("x", t)), paste0(of("y", t), " ~~ vy*", of("y", t)))
    lines <- c(lines, paste0(of("x", t), " ~~ vxy*", of("y", t)))
  }
  first <- c(of("x", 1:lag), of("y", 1:lag))
  for (i in seq_along(first)) for (j in 1:i) lines <- c(lines, paste(first[i], "~~", first[j]))
  c(lines, "ix ~~ ix", "iy ~~ iy", "ix ~~ iy", paste0(rep(c("ix", "iy"), each = 2 * lag), " ~~ 0*", first))
}
answers <- function(lag, estimator) {
  fit <- lavaan(
    model(lag), wide, meanstructure = TRUE, int.ov.free = TRUE, estimator = estimator, control = list(rel.tol = 1e-11)
  )
  # MLM: errors are another kind of robust than ours, the scaled test is the same.
  if (estimator == "MLM") {
    told <- fitMeasures(fit, c("chisq.scaling.factor", "pvalue.scaled", "rmsea.robust"))
    return(as.list(setNames(told, c("scaling", "p_value", "rmsea"))))
  }
  found <- parameterEstimates(fit)
  paths <- found[grepl("_on_", found$label) & !duplicated(found$label), ]
  variance <- function(one, other) with(found, est[lhs == one & rhs == other & op == "~~"])
  list(
    estimate = as.list(setNames(paths$est, paths$label)), se = as.list(setNames(paths$se, paths$label)),
    level_correlation = variance("ix", "iy") / sqrt(variance("ix", "ix") * variance("iy", "iy")),
    fit = as.list(setNames(fitMeasures(fit, c("chisq", "df", "pvalue", "rmsea")), c("chi2", "df", "p_value", "rmsea")))
  )
}
cases <- list()
for (lag in 1:2) cases[[paste("lag", lag)]] <- c(answers(lag, "ML"), list(scaled = answers(lag, "MLM")))
save_answers(cases)
