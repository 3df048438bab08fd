# Effects of steps taken at different times: every change beside its controls by loops, errors by cluster from their
# definition, one block also by lm and sandwich::vcovCL; and one interrupted series by lm and sandwich::NeweyWest.
suppressMessages({library(sandwich); library(jsonlite)})
set.seed(61)
n <- 60; times <- 1:9; wide <- length(times); cluster <- rep(1:12, each = 5)
first <- rep(NA, n)
first[c(2, 7, 8, 13, 21, 34)] <- 5; first[c(4, 16, 27, 40, 41)] <- 6; first[c(11, 29, 47, 55)] <- 8
until <- first; until[c(19, 33)] <- 4
y <- 3 + rnorm(n, 0, .4) + matrix(rnorm(12 * wide, 0, .2), 12)[cluster, ] + matrix(rnorm(n * wide, 0, .4), n)
y <- y + .3 * outer(first, times, function(g, t) ifelse(is.na(g), 0, t >= g))
data <- data.frame(
  entity = rep(1:n, wide), time = rep(times, each = n), y = round(as.vector(y), 4), first = rep(first, wide),
  until = rep(until, wide), cluster = rep(cluster, wide), kept = rbinom(n * wide, 1, .95)
)
write.csv(data, "data.csv", row.names = FALSE)
values <- matrix(ifelse(data$kept == 1, data$y, NA), n)
bases <- list(
  symmetric = function(g, t) 2 * (g - 1) - t, last = function(g, t) g - 1, varying = function(g, t) min(t, g) - 1
)
controls_of <- function(g, t, b) {
  later <- ifelse(is.na(until), Inf, until) > max(t, b)
  which(later & (is.na(first) | first != g) & !is.na(values[, t]) & !is.na(values[, b]))
}

averaged <- function(base, events, matches = 0) {
  changes <- owners <- blocks <- c(); influence <- list()
  for (g in c(5, 6, 8)) for (e in events) {
    t <- g + e; b <- bases[[base]](g, t)
    if (t > wide || b < 1) next
    controls <- controls_of(g, t, b); moved <- values[, t] - values[, b]
    acted <- which(first == g & !is.na(moved))
    if (matches) {
      controls <- controls[!is.na(values[controls, g - 1])]; acted <- acted[!is.na(values[acted, g - 1])]
    }
    shift <- rep(0, n)
    for (i in acted) {
      near <- if (matches) controls[order(abs(values[controls, g - 1] - values[i, g - 1]))][1:matches] else controls
      changes <- c(changes, moved[i] - mean(moved[near])); owners <- c(owners, i)
      blocks <- c(blocks, length(influence) + 1)
    }
    if (!matches) shift[controls] <- (moved[controls] - mean(moved[controls])) / length(controls)
    influence[[length(influence) + 1]] <- shift
  }
  estimate <- mean(changes); score <- rep(0, n)
  for (k in seq_along(changes)) {
    score[owners[k]] <- score[owners[k]] + (changes[k] - estimate) / length(changes)
    score <- score - influence[[blocks[k]]] / length(changes)
  }
  by_cluster <- tapply(score, cluster, sum)
  list(
    estimate = estimate, se = sqrt(12 / 11 * sum(by_cluster^2)), n = length(unique(owners)),
    n_clusters = length(unique(cluster[owners])), df = 1 / sum(prop.table(table(cluster[owners]))^2) - 1
  )
}

one_block <- function(g, t, b) {
  acted <- which(first == g & !is.na(values[, t]) & !is.na(values[, b])); rows <- c(acted, controls_of(g, t, b))
  change <- values[rows, t] - values[rows, b]; step <- as.numeric(first[rows] == g & !is.na(first[rows]))
  fit <- lm(change ~ step)
  # Clusters without any row count for G / (G - 1), and change nothing else.
  error <- sqrt(12 / 11 * vcovCL(fit, cluster[rows], type = "HC0", cadjust = FALSE)["step", "step"])
  list(first = g, event = t - g, estimate = unname(coef(fit)["step"]), se = error)
}

series <- data[data$entity == 2 & data$kept == 1, ]
after <- as.numeric(series$time >= 5); since <- series$time - 5
line <- lm(series$y ~ after + since + I(after * since))
robust <- NeweyWest(line, lag = 2, prewhite = FALSE, adjust = TRUE)
write_json(
  list(
    symmetric = averaged("symmetric", 0:2), last = averaged("last", 0:2), varying = averaged("varying", -2),
    matched = averaged("last", 0:2, matches = 6),
    blocks = list(one_block(5, 5, 4), one_block(6, 7, 5), one_block(8, 8, 7)),
    series = list(estimate = unname(coef(line)), se = unname(sqrt(diag(robust))))
  ),
  "expected.json", auto_unbox = TRUE, digits = 12, pretty = TRUE
)
