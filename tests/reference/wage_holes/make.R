# lwage on hours at lags 0-1 and union, person and year effects; clusters = persons, then groups of persons.
source("../panel.R")
data <- read.csv("bundled.csv")
data$hours <- data$hours / 1000
data$hours_lag1 <- lag_by(data, "hours", 1)
data <- drop_single(na.omit(data))
lags <- c("hours", "hours_lag1")
by <- function(cluster) panel_answers(data, "lwage", c(lags, "union"), lags, cluster)
save_answers(list(entity = by("entity"), group = by("group")))
