# Intervals of one group's answers.
suppressMessages(library(jsonlite))
set.seed(3)
recommend <- sample(0:10, 60, TRUE, prob = c(1, 1, 1, 1, 1, 2, 3, 6, 8, 9, 9))
write.csv(data.frame(recommend), "data.csv", row.names = FALSE)
n <- length(recommend); p <- sum(recommend >= 9); d <- sum(recommend <= 6)
adjusted <- function(p, d, n, level) {
  shares <- c(p + .75, d + .75) / (n + 3)
  se <- sqrt((sum(shares) - diff(shares)^2) / (n + 3))
  100 * (shares[1] - shares[2] + c(-1, 1) * qnorm((1 + level) / 2) * se)
}
score <- ifelse(recommend >= 9, 1, ifelse(recommend <= 6, -1, 0))
write_json(list(
  nps = 100 * mean(score), se_sample = 100 * sd(score) / sqrt(n), se_plug_in = 100 * sd(score) * sqrt((n - 1) / n) / sqrt(n),
  nps_95 = adjusted(p, d, n, .95), nps_80 = adjusted(p, d, n, .80),
  rate_95 = prop.test(p, n, correct = FALSE)$conf.int[1:2],
  mean = mean(recommend), mean_se = sd(recommend) / sqrt(n), mean_90 = t.test(recommend, conf.level = .9)$conf.int[1:2]
), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
