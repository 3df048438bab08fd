# invest on value at lags 0-2 and capital, firm and year effects, clusters = firms.
source("../panel.R")
data <- read.csv("bundled.csv")
for (k in 1:2) data[[paste0("value_lag", k)]] <- lag_by(data, "value", k)
data <- drop_single(na.omit(data))
lags <- c("value", "value_lag1", "value_lag2")
save_answers(panel_answers(data, "invest", c(lags, "capital"), lags, "entity"))
