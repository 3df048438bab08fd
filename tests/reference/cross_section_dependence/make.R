# Pesaran's CD on the residuals of y on lags 0 and 1 of x, before and after year effects: pair by pair, and by
# plm::pcdtest on a balanced panel (Grunfeld's, invest on value). The panel with holes is that of half_panel.
suppressMessages({library(plm); source("../panel.R")})
cd <- function(data, residual) {
  units <- unique(data$entity); terms <- c(); sizes <- c(); left_out <- 0
  for (i in seq_along(units)) for (j in seq_along(units)) if (i < j) {
    a <- data.frame(time = data$time, e = residual)[data$entity == units[i], ]
    b <- data.frame(time = data$time, e = residual)[data$entity == units[j], ]
    both <- merge(a, b, by = "time")
    if (nrow(both) < 3) { left_out <- left_out + 1; next }
    terms <- c(terms, cor(both$e.x, both$e.y)); sizes <- c(sizes, nrow(both))
  }
  list(
    statistic = sum(sqrt(sizes) * terms) / sqrt(length(terms)), estimate = mean(terms), mean_size = mean(abs(terms)),
    n_pairs = length(terms), n_pairs_left_out = left_out
  )
}
holes <- read.csv("../half_panel/data.csv")
# One unit is seen early only and another late only, so that they share too few years.
holes <- holes[!(holes$entity == 14 & holes$time > 2004) & !(holes$entity == 1 & holes$time < 2005), ]
holes$x_lag1 <- lag_by(holes, "x", 1)
holes <- drop_single(na.omit(holes))
before <- cd(holes, resid(lm(y ~ x + x_lag1 + factor(entity), holes)))
after <- cd(holes, resid(lm(y ~ x + x_lag1 + factor(entity) + factor(time), holes)))
firms <- pdata.frame(read.csv("bundled.csv"), index = c("entity", "time"))
told <- function(effect) {
  found <- pcdtest(plm(invest ~ value, firms, model = "within", effect = effect), test = "cd")
  list(statistic = unname(found$statistic), p_value = unname(found$p.value))
}
save_answers(list(
  holes = list(before_period_effects = before, after_period_effects = after),
  firms = list(before_period_effects = told("individual"), after_period_effects = told("twoways"))
))
