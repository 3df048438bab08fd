# Alpha, omega (factanal), ICC (aov) and r_wg of items made from a seed.
suppressMessages(library(jsonlite))
set.seed(12)
sizes <- sample(2:15, 25, TRUE); unit <- rep(sprintf("u%02d", seq_along(sizes)), sizes); n <- length(unit)
level <- rnorm(length(sizes), 0, .5)[match(unit, unique(unit))]
trait <- level + rnorm(n)
items <- sapply(c(.9, .7, .5, .8, .4), function(l) pmin(5, pmax(1, round(3.4 + l * trait + rnorm(n, 0, .8)))))
colnames(items) <- paste0("item", 1:5)
write.csv(data.frame(unit, items), "data.csv", row.names = FALSE)
alpha <- function(S) { k <- ncol(S); k / (k - 1) * (1 - sum(diag(S)) / sum(S)) }
omega <- function(x) {
  f <- factanal(x, 1, control = list(opt = list(factr = 1e2), lower = .005, nstart = 4))
  s <- apply(x, 2, sd); l <- f$loadings[, 1] * s; l <- l * sign(sum(l)); sum(l)^2 / (sum(l)^2 + sum(f$uniquenesses * s^2))
}
a <- alpha(cov(items)); k <- 5
f <- factanal(items, 1, control = list(opt = list(factr = 1e2), lower = .005, nstart = 4))
boot <- replicate(4000, omega(items[sample(n, n, TRUE), ]))
y <- rowMeans(items); table <- anova(aov(y ~ factor(unit)))
msb <- table[1, 3]; msw <- table[2, 3]; G <- length(sizes); n0 <- (n - sum(sizes^2) / n) / (G - 1)
h <- G / sum(1 / sizes); Fu <- h * var(tapply(y, unit, mean)) / msw
theta <- (Fu / qf(c(.975, .025), G - 1, n - G) - 1) / h
rwg <- function(null) sapply(split(as.data.frame(items), unit), function(x) {
  r <- mean(sapply(x, var)) / null; if (r > 1) 0 else k * (1 - r) / (k * (1 - r) + r) })
icc1 <- (msb - msw) / (msb + (n0 - 1) * msw)
write_json(list(alpha = a, alpha_standardised = alpha(cor(items)),
  alpha_95 = 1 - (1 - a) * qf(c(.975, .025), n - 1, (n - 1) * (k - 1)),
  omega = omega(items), omega_se_bootstrap = sd(boot), loadings = unname(abs(f$loadings[, 1]) * apply(items, 2, sd)),
  unique = unname(f$uniquenesses * apply(items, 2, var)),
  ms_between = msb, ms_within = msw, f = table[1, 4], p_value = table[1, 5], size = n0,
  icc1 = icc1, icc1_95 = theta / (1 + theta),
  icc2 = (msb - msw) / msb, icc2_95 = n0 * theta / (1 + n0 * theta), answers_needed = .7 / .3 * (1 - icc1) / icc1,
  rwg_uniform = unname(rwg(2)), rwg_slightly_skewed = unname(rwg(1.34))),
  "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
