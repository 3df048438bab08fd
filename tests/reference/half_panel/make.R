# y on its own lag and lags 0 and 1 of x: whole panel and both halves of each unit by the full dummy regression, the
# half-panel jackknife of these, and its error by leaving out one unit at a time.
source("../panel.R")
set.seed(46)
n <- 14; years <- 2001:2013; wide <- length(years); burn <- 20
x <- y <- matrix(0, n, wide + burn); level <- rnorm(n); shared <- rnorm(wide + burn)
for (t in 2:(wide + burn)) {
  x[, t] <- .4 * x[, t - 1] + .3 * y[, t - 1] + level + rnorm(n)
  y[, t] <- .4 * y[, t - 1] + .3 * x[, t] + .2 * x[, t - 1] + shared[t] + 2 * level + rnorm(n)
}
now <- burn + 1:wide
data <- data.frame(
  entity = rep(1:n, wide), time = rep(years, each = n), x = round(as.vector(x[, now]), 4), y = round(as.vector(y[, now]), 4)
)
# Some come late, one misses a year in between, and two are too short to be halved.
holes <- with(data, (entity <= 4 & time < 2001 + entity) | (entity == 9 & time == 2006) | (entity > 12 & time > 2006))
data <- data[!holes, ]
write.csv(data, "data.csv", row.names = FALSE)

data <- data[order(data$entity, data$time), ]
data$own <- lag_by(data, "y", 1); data$x_lag1 <- lag_by(data, "x", 1)
data <- drop_single(na.omit(data))
data <- data[ave(data$time, data$entity, FUN = length) >= 8, ]
terms <- c("own", "x", "x_lag1")
slopes <- function(rows) coef(lm(y ~ own + x + x_lag1 + factor(entity) + factor(time), rows))[terms]
place <- ave(data$time, data$entity, FUN = seq_along); size <- ave(data$time, data$entity, FUN = length)
halves <- list(place <= floor(size / 2), place <= ceiling(size / 2))
jackknife <- function(kept) {
  pulled <- lapply(halves, function(first) {
    mean(first) * slopes(data[first & kept, ]) + mean(!first) * slopes(data[!first & kept, ])
  })
  2 * slopes(data[kept, ]) - (pulled[[1]] + pulled[[2]]) / 2
}
whole <- jackknife(TRUE)
left_out <- sapply(unique(data$entity), function(one) jackknife(data$entity != one)) - whole
names <- c("own lag 1", "lag 0", "lag 1")
save_answers(list(
  n = nrow(data), n_units = length(unique(data$entity)), odd = any(size %% 2 == 1),
  estimate = as.list(setNames(whole, names)), lsdv = as.list(setNames(slopes(data), names)),
  se = as.list(setNames(sqrt(rowSums(left_out^2)), names)), cumulative_se = sqrt(sum(colSums(left_out[2:3, ])^2))
))
