# Quartiles cut on one wave and the same units a wave later, with bootstrap errors that redraw clusters and cuts; and a
# gap whose means are weighted by 1 / (tau² + se²), tau² the root of Paule and Mandel's equation.
suppressMessages({library(boot); library(jsonlite)})

set.seed(20260301)
n_clusters <- 30
sizes <- sample(4:14, n_clusters, replace = TRUE)
cluster <- rep(seq_len(n_clusters), sizes)
n <- length(cluster)
true <- sqrt(.2) * rnorm(n_clusters)[cluster] + sqrt(.8) * rnorm(n)
measured <- function() 3.5 + .3 * (sqrt(.6) * true + sqrt(.4) * rnorm(n))
units <- data.frame(entity = seq_len(n), cluster = cluster, cut = measured(), after = measured() + .1)
units$se <- runif(n, .1, .6)
units$value <- 10 + .3 * true + rnorm(n, sd = .5) + units$se * rnorm(n)
write.csv(format(units, digits = 15, trim = TRUE), "data.csv", row.names = FALSE, quote = FALSE)
units <- read.csv("data.csv")

figures <- function(data) {
  cuts <- quantile(data$cut, c(.25, .75), type = 7)
  bottom <- data$cut <= cuts[1]
  top <- data$cut >= cuts[2]
  scale <- sd(data$cut)
  moved <- (data$after - mean(data$after)) - (data$cut - mean(data$cut))
  gap_cut <- mean(data$cut[top]) - mean(data$cut[bottom])
  gap_again <- mean(data$after[top]) - mean(data$after[bottom])
  c(share_lost = 1 - gap_again / gap_cut, gain_bottom = mean(moved[bottom]) / scale,
    loss_top = -mean(moved[top]) / scale, r = cor(data$cut, data$after),
    gap_cut = gap_cut / scale, gap_again = gap_again / scale)
}

by_cluster <- split(units, units$cluster)
drawn <- function(ids, chosen) figures(do.call(rbind, by_cluster[ids[chosen]]))[1:4]
errors <- apply(boot(names(by_cluster), drawn, R = 4000)$t, 2, sd) * sqrt(n_clusters / (n_clusters - 1))

excess <- function(tau2) {
  weight <- 1 / (tau2 + units$se^2)
  sum(weight * (units$value - weighted.mean(units$value, weight))^2) - (n - 1)
}
tau2 <- uniroot(excess, c(0, 10), tol = 1e-14)$root
weight <- 1 / (tau2 + units$se^2)
cuts <- quantile(units$cut, c(.25, .75), type = 7)
top <- units$cut >= cuts[2]
bottom <- units$cut <= cuts[1]
weighted_gap <- weighted.mean(units$value[top], weight[top]) - weighted.mean(units$value[bottom], weight[bottom])

write_json(list(
  retest = as.list(figures(units)),
  bootstrap_se = as.list(setNames(errors, c("share_lost", "gain_bottom", "loss_top", "r"))),
  precision = list(tau2 = tau2, gap = weighted_gap)
), "expected.json", auto_unbox = TRUE, digits = 12, pretty = TRUE)
