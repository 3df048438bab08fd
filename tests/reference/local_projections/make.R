# y(t + h) - y(t - 1) on x(t), beside x(t - 1) and y(t - 1), firm and year effects, clusters = firms: Grunfeld's panel.
source("../panel.R")
data <- read.csv("bundled.csv")
data$x_lag1 <- lag_by(data, "value", 1); data$y_lag1 <- lag_by(data, "invest", 1)
horizon <- function(h) {
  rows <- data
  rows$change <- lag_by(rows, "invest", -h) - rows$y_lag1
  rows <- drop_single(na.omit(rows))
  found <- panel_answers(rows, "change", c("value", "x_lag1", "y_lag1"), c("value", "x_lag1"), "entity")
  list(estimate = found$coefficients$value, se = found$se_CR2$value, df = found$df_CR2$value, n = found$n)
}
save_answers(setNames(lapply(0:4, horizon), paste("horizon", 0:4)))
