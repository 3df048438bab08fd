# Growth one year after engagement (x) and customers (z): slopes by other models, and the interaction with its corners.
# 24 units in 8 clusters with shared shocks; rows with kept = 0 are holes in the calendar.
suppressMessages({library(plm); source("../panel.R")})
set.seed(52)
n <- 24; years <- 2011:2020; wide <- length(years); clusters <- rep(1:8, each = 3)
shared <- matrix(rnorm(8 * wide), 8)[clusters, ]
x <- rnorm(n, 0, .7) + shared + matrix(rnorm(n * wide), n)
z <- rnorm(n, 0, .5) + .4 * shared + matrix(rnorm(n * wide), n)
before <- c(NA, 1:(wide - 1))
y <- 3 + rnorm(n) + .6 * x[, before] + .2 * z[, before] + .3 * (x * z)[, before] + rep(rnorm(wide), each = n) +
  matrix(rnorm(8 * wide, 0, .5), 8)[clusters, ] + matrix(rnorm(n * wide), n)
data <- data.frame(
  entity = rep(1:n, wide), cluster = rep(clusters, wide), time = rep(years, each = n), x = as.vector(x),
  z = as.vector(z), y = as.vector(y), kept = rbinom(n * wide, 1, .93)
)
data[c("x", "z", "y")] <- round(data[c("x", "z", "y")], 4)
write.csv(data, "data.csv", row.names = FALSE)
data <- data[data$kept == 1, ]
for (k in 1:2) for (column in c("x", "z")) data[[paste0(column, k)]] <- lag_by(data, column, k)
data$y1 <- lag_by(data, "y", 1)

line <- function(fit, rows, weights) {
  names <- names(coef(fit))[!is.na(coef(fit))]
  contrast <- matrix(0, 1, length(names), dimnames = list(NULL, names))
  contrast[, names(weights)] <- weights
  found <- linear_contrast(fit, vcovCR(fit, rows$cluster, "CR2"), contrast, level = .95, test = "Satterthwaite")
  list(estimate = found$Est, se = found$SE, df = found$df, ci_low = found$CI_L, ci_high = found$CI_U, n = nobs(fit))
}
in_shocks <- function(rows) {
  repeat {
    n <- nrow(rows)
    rows <- rows[ave(rows$time, rows$cluster, rows$time, FUN = length) > 1, ]
    rows <- rows[ave(rows$time, rows$entity, FUN = length) > 1, ]
    if (nrow(rows) == n) return(rows)
  }
}
shocks <- "+ factor(entity) + factor(cluster):factor(time)"
dummies <- "+ factor(entity) + factor(time)"
fitted <- function(rows, right) lm(as.formula(paste("y ~", right)), rows)

# The slope of y on x of the year before, beside x of the same year and of two years before.
rows <- drop_single(na.omit(data[c("entity", "cluster", "time", "y", "x", "x1", "x2", "z")]))
one <- c(x1 = 1)
slopes <- list(
  within = line(fitted(rows, paste("x + x1 + x2", dummies)), rows, one),
  alone = line(fitted(rows, paste("x1", dummies)), rows, one),
  shared_shocks = line(fitted(in_shocks(rows), paste("x + x1 + x2", shocks)), in_shocks(rows), one),
  own_trend = line(fitted(rows, paste("x + x1 + x2", dummies, "+ factor(entity):I(time - 2015)")), rows, one)
)
rows$y1 <- lag_by(rows, "y", 1)
past <- drop_single(na.omit(rows))
slopes$own_past <- line(fitted(past, paste("x + x1 + x2 + y1", dummies)), past, one)
means <- aggregate(rows[c("y", "x1")], rows[c("entity", "cluster")], mean)
slopes$between <- line(lm(y ~ x1, means), means, one)
slopes$between$by_plm <- unname(coef(plm(y ~ x1, rows, model = "between", index = c("entity", "time")))["x1"])
periods <- lapply(sort(unique(rows$time)), function(time) {
  left <- drop_single(rows[rows$time != time, ])
  line(fitted(left, paste("x + x1 + x2", dummies)), left, one)
})

# The interaction, both sides standardised over the rows used.
joint <- drop_single(na.omit(data[c("entity", "cluster", "time", "y", "x1", "z1")]))
joint$sx <- as.numeric(scale(joint$x1)); joint$sz <- as.numeric(scale(joint$z1)); joint$p <- joint$sx * joint$sz
fit <- fitted(joint, paste("sx + sz + p", dummies))
interaction <- list(
  x = line(fit, joint, c(sx = 1)), z = line(fit, joint, c(sz = 1)), product = line(fit, joint, c(p = 1)),
  low_low = line(fit, joint, c(sx = -1, sz = -1, p = 1)), high_low = line(fit, joint, c(sx = 1, sz = -1, p = -1)),
  low_high = line(fit, joint, c(sx = -1, sz = 1, p = -1)), high_high = line(fit, joint, c(sx = 1, sz = 1, p = 1))
)
own <- function(column) joint[[column]] - ave(joint[[column]], joint$entity)
joint$q <- own("sx") * own("sz")
p <- c(p = 1)
variants <- list(
  beside_squares = line(fitted(joint, paste("sx + sz + p + I(sx^2) + I(sz^2)", dummies)), joint, p),
  within_units = line(fitted(joint, paste("sx + sz + q", dummies)), joint, c(q = 1)),
  shared_shocks = line(fitted(in_shocks(joint), paste("sx + sz + p", shocks)), in_shocks(joint), p)
)
about <- list(sd_x = sd(joint$x1), sd_z = sd(joint$z1), sd_y = sd(joint$y), correlation = cor(joint$sx, joint$sz))
save_answers(list(
  slopes = slopes, without_period = periods, interaction = interaction, variants = variants, about = about
))
