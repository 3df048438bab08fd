# Reasons, penalties and rewards, pulls and a correlation of clustered, weighted answers, by other roads than the code's.
suppressMessages({library(jsonlite); library(sandwich); library(clubSandwich)})
set.seed(7)
units <- 12
data <- do.call(rbind, lapply(seq_len(units), function(g) {
  n <- sample(15:40, 1); shift <- rnorm(1, 0, .8)
  mark <- pmin(10, pmax(1, round(rnorm(n, 6.6 + shift, 1.8))))
  data.frame(unit = sprintf("u%02d", g), moment = sample(c("delivery", "service"), n, TRUE),
             weight = round(exp(rnorm(n, 0, .4)), 3), satisfaction = mark,
             recommend = pmin(10, pmax(0, round(.8 * mark + 2 + shift / 2 + rnorm(n, 0, 1.8)))),
             reason = sample(c("employees", "price", "product"), n, TRUE, c(.45 + shift / 20, .3, .25)))
}))
write.csv(data, "data.csv", row.names = FALSE)
data$group <- ifelse(data$recommend >= 9, "promoters", ifelse(data$recommend <= 6, "detractors", "passives"))
both <- droplevels(subset(data, group != "passives"))
# Each share is the mean of an indicator in a domain: a regression on the two groups, HC0 by unit times G / (G - 1).
mean_of <- function(y) {
  rows <- cbind(both, y = y); fit <- lm(y ~ 0 + group, rows, weights = weight)
  v <- vcovCL(fit, cluster = rows$unit, type = "HC0", cadjust = TRUE)
  list(estimate = unname(coef(fit)), se = unname(sqrt(diag(v))), variance = unname(diag(v)))
}
reasons <- c("employees", "price", "product")
shares <- lapply(setNames(reasons, reasons), function(r) mean_of(as.numeric(both$reason == r)))
leads <- lapply(setNames(reasons[-1], reasons[-1]),
                function(r) mean_of((both$reason == "employees") - (both$reason == r)))
# Goodman's interval of "employees" among promoters, the second group, as the roots of his quadratic.
own <- subset(both, group == "promoters"); n <- nrow(own); G <- length(unique(own$unit))
p <- shares$employees$estimate[2]; kish <- n * sum(own$weight^2) / sum(own$weight)^2
deff <- max((n - 1) * shares$employees$variance[2] / (p * (1 - p)), kish); m <- n / deff
A <- qt(1 - .05 / 6, G - 1)^2
goodman <- sort(Re(polyroot(c(p^2, -(2 * p + A / m), 1 + A / m))))
# Penalty and reward at one moment: dummies of units, rows times the root of their weights, CR2 with Satterthwaite df.
at <- function(moment) {
  d <- data[data$moment == moment, ]; w <- sqrt(d$weight)
  y <- w * 100 * ((d$recommend >= 9) - (d$recommend <= 6))
  X <- w * cbind(low = d$satisfaction <= 5, high = d$satisfaction >= 8, model.matrix(~0 + unit, d))
  fit <- lm(y ~ 0 + X); names <- c("low", "high")
  b <- coef(fit)[1:2]
  test <- rbind(penalty = c(-1, 0), reward = c(0, 1), asymmetry = c(1, 1))
  V <- vcovCR(fit, cluster = d$unit, type = "CR2")
  all <- cbind(test, matrix(0, 3, length(coef(fit)) - 2))
  found <- linear_contrast(fit, vcov = V, contrasts = all, test = "Satterthwaite", level = .975)
  list(estimate = found$Est, se = found$SE, df = found$df, low = found$CI_L, high = found$CI_U)
}
effects <- list(delivery = at("delivery"), service = at("service"))
# Pull of delivery: the score of all less that of service, from one regression on all rows stacked with those of service.
data$y <- 100 * ((data$recommend >= 9) - (data$recommend <= 6))
stacked <- rbind(cbind(data, set = "all"), cbind(subset(data, moment == "service"), set = "without"))
fit <- lm(y ~ 0 + set, stacked, weights = weight)
V <- vcovCL(fit, cluster = stacked$unit, type = "HC0", cadjust = TRUE); k <- c(1, -1)
pull <- list(estimate = sum(k * coef(fit)), se = sqrt(drop(t(k) %*% V %*% k)))
# Correlation over 24 units in 8 clusters: the error by leaving out clusters is another road to nearly the same.
set.seed(8)
places <- data.frame(entity = sprintf("e%02d", 1:24), cluster = sprintf("c%d", rep(1:8, 3)))
common <- rnorm(8)[rep(1:8, 3)]
places$x <- round(common + rnorm(24), 4); places$y <- round(common + places$x / 2 + rnorm(24), 4)
write.csv(places, "units.csv", row.names = FALSE)
r <- cor(places$x, places$y)
# The influence of a unit on r, as the derivative of a weighted correlation in the weight of that unit.
weighted_r <- function(w) cov.wt(places[, c("x", "y")], w / sum(w), cor = TRUE, method = "ML")$cor[1, 2]
influence <- sapply(1:24, function(i) { h <- 1e-5; up <- down <- rep(1, 24); up[i] <- 1 + h; down[i] <- 1 - h
  (weighted_r(up) - weighted_r(down)) / (2 * h) })
se <- sqrt(8 / 7 * sum(tapply(influence, places$cluster, sum)^2))
half <- qt(.975, 7) * se / (1 - r^2)
correlation <- list(estimate = r, se = se, low = tanh(atanh(r) - half), high = tanh(atanh(r) + half))
write_json(list(shares = shares, leads = leads, goodman = goodman, effects = effects, pull = pull,
  correlation = correlation), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
