# Meta-analyses of 24 correlations, from a seed, and of metafor's dat.bcg. Random effects, moderators and sensitivity by
# metafor; Hunter-Schmidt by loops over studies, in the order of the textbook (Schmidt and Hunter 2015, ch. 3 and 4);
# expectancy by integrating the bivariate normal density. `within` are correlations within the organisations of ../quartiles.
suppressMessages({library(metafor); library(jsonlite)})
set.seed(30)
k <- 24
study <- paste("study", 1:k); group <- rep(c("customer", "profit", "safety"), length.out = k)
n <- round(exp(runif(k, log(20), log(600)))); year <- sample(1997:2024, k, TRUE)
true <- .30 + .08 * (group == "customer") + rnorm(k, 0, .12)
rxx <- round(runif(k, .6, .95), 2); ryy <- round(runif(k, .5, .9), 2); u <- round(runif(k, .6, 1.1), 2)
r <- round(tanh(atanh(true * sqrt(rxx * ryy)) + rnorm(k) / sqrt(n - 3)), 3)
data <- data.frame(study, r, n, rxx, ryy, u, group, year)
write.csv(data, "data.csv", row.names = FALSE)

bare_bones <- function(r, n, divisor, quantile_of) {
  k <- length(r); total <- 0; sums <- 0
  for (i in 1:k) { total <- total + n[i]; sums <- sums + n[i] * r[i] }
  mean_r <- sums / total; var_r <- 0; var_e <- 0
  for (i in 1:k) {
    var_r <- var_r + n[i] * (r[i] - mean_r)^2 / total
    var_e <- var_e + n[i] * (1 - mean_r^2)^2 / (n[i] - 1) / total
  }
  var_r <- var_r * k / divisor; sd_res <- sqrt(max(0, var_r - var_e)); se <- sqrt(var_r / k)
  list(mean_r = mean_r, var_r = var_r, var_e = var_e, sd_res = sd_res, se = se, pct_sampling = 100 * var_e / var_r,
       confidence = mean_r + c(-1, 1) * quantile_of(.975) * se, credibility = mean_r + c(-1, 1) * quantile_of(.9) * sd_res)
}
bare <- bare_bones(r, n, k, qnorm)
defaults <- bare_bones(r / ((2 * n - 2) / (2 * n - 1)), n, k - 1, function(p) qt(p, k - 1))

corrected <- function(restriction) {
  rho <- A <- var_e <- numeric(k)
  for (i in 1:k) {
    correct <- switch(restriction,
      none = function(r) r / sqrt(rxx[i] * ryy[i]),
      direct = function(r) {
        step <- r / sqrt(ryy[i])
        step / (u[i] * sqrt((1 / u[i]^2 - 1) * step^2 + 1)) / sqrt(rxx[i])
      },
      indirect = function(r) {
        rxxa <- 1 - u[i]^2 * (1 - rxx[i]); uT <- sqrt((u[i]^2 - (1 - rxxa)) / rxxa)
        step <- r / sqrt(rxx[i] * ryy[i])
        step / (uT * sqrt((1 / uT^2 - 1) * step^2 + 1))
      })
    rho[i] <- correct(r[i]); A[i] <- r[i] / rho[i]
    # The slope of the correction at r, numerically: the delta method.
    slope <- (correct(r[i] + 1e-5) - correct(r[i] - 1e-5)) / 2e-5
    var_e[i] <- slope^2 * (1 - bare$mean_r^2)^2 / (n[i] - 1)
  }
  w <- n * A^2; mean_rho <- sum(w * rho) / sum(w)
  var_rc <- sum(w * (rho - mean_rho)^2) / sum(w); error <- sum(w * var_e) / sum(w)
  list(studies = rho, rho = mean_rho, var_rc = var_rc, var_e = error, sd_rho = sqrt(max(0, var_rc - error)))
}

# Artifacts of every third study only; the rest lacks them.
known <- seq(1, k, 3)
distributions <- function() {
  a <- sqrt(rxx[known]); b <- sqrt(ryy[known]); c <- sqrt((1 - u[known]^2) * bare$mean_r^2 + u[known]^2)
  cross <- expand.grid(a = a, b = b, c = c); products <- cross$a * cross$b * cross$c
  A <- mean(products); rho <- bare$mean_r / A
  population <- function(x) mean((x - mean(x))^2)
  taylor <- bare$mean_r^2 * (population(a) / mean(a)^2 + population(b) / mean(b)^2 + population(c) / mean(c)^2)
  crossed <- rho^2 * population(products)
  sd_rho <- function(artifacts) sqrt(max(0, bare$var_r - bare$var_e - artifacts)) / A
  list(factor = A, rho = rho, taylor = taylor, crossed = crossed, sd_rho_taylor = sd_rho(taylor), sd_rho_crossed = sd_rho(crossed))
}

pooled <- function(fit, level = 95) {
  prediction <- predict(fit, level = level); profile <- confint(fit, level = level, control = list(tol = 1e-13))$random
  list(estimate = fit$b[1], se = fit$se, ci = c(prediction$ci.lb, prediction$ci.ub), pi = c(prediction$pi.lb, prediction$pi.ub),
       tau2 = fit$tau2, tau2_ci = profile["tau^2", 2:3], i2 = fit$I2, h2 = fit$H2, q = fit$QE, q_p = fit$QEp)
}
exact <- list(threshold = 1e-12, maxiter = 1000)
fit <- function(data, mods = ~ 1, test = "knha") rma(data$yi, data$vi, mods = mods, data = data, test = test, control = exact)
z <- escalc("ZCOR", ri = r, ni = n, data = data); raw <- escalc("COR", ri = r, ni = n, data = data)
slopes <- function(fit) list(b = as.vector(fit$b), se = fit$se, p = fit$pval, tau2 = fit$tau2)
by_group <- fit(z, ~ 0 + group)
apart <- anova(by_group, L = rbind(c(-1, 1, 0), c(-1, 0, 1)))
without <- leave1out(fit(z))
few <- fit(z[c(4, 9), ])
bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
ablat <- fit(bcg, ~ ablat)

quarters <- function(rho) {
  cuts <- qnorm(0:4 / 4)
  sapply(1:4, function(j) sapply(1:4, function(i) {
    inner <- function(x) dnorm(x) * (pnorm((cuts[j + 1] - rho * x) / sqrt(1 - rho^2)) - pnorm((cuts[j] - rho * x) / sqrt(1 - rho^2)))
    4 * integrate(inner, cuts[i], cuts[i + 1], rel.tol = 1e-10)$value
  }))
}
units <- read.csv("../quartiles/data.csv")
within <- sapply(split(units, units$organisation), function(one) cor(one$engagement, one$value))

write_json(list(
  bare_bones = bare, psychmeta_defaults = defaults,
  corrected = sapply(c("none", "direct", "indirect"), corrected, simplify = FALSE), distributions = distributions(),
  z = pooled(fit(z)), z_normal = pooled(fit(z, test = "z")), r = pooled(fit(raw)),
  few = list(tau2 = few$tau2, ci = c(few$ci.lb, few$ci.ub)),
  groups = c(slopes(by_group), list(F = apart$QM, F_p = apart$QMp)), year = slopes(fit(z, ~ year)),
  small = slopes(fit(z, ~ sqrt(vi))),
  without = list(estimate = without$estimate, se = without$se, tau2 = without$tau2),
  bcg = c(list(y = bcg$yi, v = bcg$vi, x = dat.bcg$ablat), pooled(fit(bcg)), list(ablat = slopes(ablat))),
  quarters = list(negative = quarters(-.35), positive = quarters(.35)), within = as.list(within)
), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
