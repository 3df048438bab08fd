# Scores of weighted, clustered and stratified answers: cluster-robust covariance of group means (package sandwich).
suppressMessages({library(jsonlite); library(sandwich)})
set.seed(11)
teams <- 14
data <- do.call(rbind, lapply(seq_len(teams), function(g) {
  n <- sample(4:12, 1); shift <- rnorm(1, 0, 1.2)
  data.frame(team = sprintf("t%02d", g), region = if (g <= 8) "north" else "south",
             group = sample(c("a", "b", "c"), n, TRUE, c(.5, .35, .15)),
             weight = round(exp(rnorm(n, 0, .4)), 3),
             recommend = pmin(10, pmax(0, round(rnorm(n, 7.6 + shift, 1.8)))))
}))
write.csv(data, "data.csv", row.names = FALSE)
data$y <- 100 * ((data$recommend >= 9) - (data$recommend <= 6))
fit <- lm(y ~ 0 + group, data, weights = weight)
tidy <- function(v) list(estimate = unname(coef(fit)), se = unname(sqrt(diag(v))), covariance = unname(v))
# HC0 times G / (G - 1): ultimate clusters, drawn with replacement, from all regions together.
clustered <- vcovCL(fit, cluster = ~team, type = "HC0", cadjust = TRUE)
n <- nrow(data)
independent <- vcovHC(fit, type = "HC0") * n / (n - 1)
# Within regions: sums of the score contributions by team, centred in their region.
psi <- estfun(fit); meat <- 0
for (one in split(seq_len(n), data$region)) {
  sums <- rowsum(psi[one, ], data$team[one]); G <- nrow(sums)
  meat <- meat + G / (G - 1) * crossprod(scale(sums, scale = FALSE))
}
B <- bread(fit) / n
stratified <- B %*% meat %*% B
# Delete-one-team jackknife of the same scores: another road to nearly the same errors.
names <- unique(data$team)
left <- sapply(names, function(t) coef(lm(y ~ 0 + group, data[data$team != t, ], weights = weight)))
jackknife <- sqrt((teams - 1) / teams * rowSums((left - rowMeans(left))^2))
# The interval of group a: Korn and Graubard's effective n under the adjusted Wald interval, by hand.
own <- data[data$group == "a", ]; w <- own$weight; m <- nrow(own)
p <- sum(w[own$y == 100]) / sum(w); d <- sum(w[own$y == -100]) / sum(w)
kish <- m * sum(w^2) / sum(w)^2
deff <- max(kish, (m - 1) * clustered[1, 1] / 1e4 / (p + d - (p - d)^2))
e <- m / deff; pa <- (e * p + .75) / (e + 3); da <- (e * d + .75) / (e + 3); G <- length(unique(own$team))
half <- 100 * qnorm(.975) * sqrt((pa + da - (pa - da)^2) / (e + 3)) * qt(.975, G - 1) / qt(.975, m - 1)
write_json(list(clustered = tidy(clustered), independent = tidy(independent), stratified = tidy(stratified),
  jackknife = unname(jackknife), kish_deff = kish, design_effect = deff, df = G - 1,
  interval = 100 * (pa - da) + c(-half, half)), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
