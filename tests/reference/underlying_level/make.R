# Empirical Bayes by hand: Paule and Mandel by uniroot, the error by numerical integration over tau.
suppressMessages(library(jsonlite))
set.seed(14)
answer <- function(y, s) {
  k <- length(y); w <- function(t) 1 / (t^2 + s^2); mu <- function(t) sum(w(t) * y) / sum(w(t))
  q <- function(t2) sum(w(sqrt(t2)) * (y - mu(sqrt(t2)))^2) - (k - 1)
  tau <- if (q(0) <= 0) 0 else sqrt(uniroot(q, c(0, 1e5), tol = 1e-12)$root)
  b <- tau^2 / (tau^2 + s^2); level <- mu(tau) + b * (y - mu(tau))
  like <- Vectorize(function(t) exp(sum(log(w(t))) / 2 - log(sum(w(t))) / 2 - sum(w(t) * (y - mu(t))^2) / 2))
  top <- 5 * max(sd(y), min(s))
  mse <- sapply(seq_len(k), function(j) {
    g <- Vectorize(function(t) { bj <- t^2 / (t^2 + s[j]^2)
      bj * s[j]^2 + (1 - bj)^2 / sum(w(t)) + (mu(t) + bj * (y[j] - mu(t)) - level[j])^2 })
    # Scaled, as likelihoods of many units are tiny.
    scale <- max(like(seq(0, top, length.out = 200)))
    integrate(function(t) like(t) / scale * g(t), 0, top, rel.tol = 1e-9, subdivisions = 1000)$value /
      integrate(function(t) like(t) / scale, 0, top, rel.tol = 1e-9, subdivisions = 1000)$value })
  list(mean = mu(tau), tau = tau, reliability = b, level = level, level_se = sqrt(mse))
}
s <- round(runif(16, 4, 16), 2)
data <- data.frame(unit_id = sprintf("u%02d", 1:16), differing = round(12 + rnorm(16, 0, 11) + rnorm(16, 0, s), 2),
                   alike = round(12 + rnorm(16, 0, .7 * s), 2), se = s)
write.csv(data, "data.csv", row.names = FALSE)
write_json(list(differing = answer(data$differing, s), alike = answer(data$alike, s)), "expected.json", digits = 15,
           auto_unbox = TRUE, pretty = TRUE)
