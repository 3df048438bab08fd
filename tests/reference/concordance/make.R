# Does y rise more often after x rose? All 720 orders of six units, by loops.
suppressMessages(library(jsonlite))
set.seed(6)
x <- matrix(round(rnorm(54), 1), 6, 9); shock <- rnorm(9)
y <- round(.4 * cbind(0, x[, -9]) + matrix(rnorm(54), 6, 9) + rep(shock, each = 6), 1)
x[3, 5] <- NA
data <- data.frame(entity = rep(1:6, 9), time = rep(2001:2009, each = 6), x = as.vector(x), y = as.vector(y))
write.csv(data, "data.csv", row.names = FALSE, na = "")

lag <- 1
change <- function(m) m[, -1] - m[, -9]
dx <- change(x); dy <- change(y)
differences <- function(order) {
  moves <- sign(dx[order, 1:(8 - lag)]); later <- dy[, (1 + lag):8]
  known <- !is.na(moves) & !is.na(later)
  rise <- known & moves > 0; fall <- known & moves < 0
  top <- 0; bottom <- 0
  for (t in seq_len(ncol(later))) {
    a <- sum(rise[, t]); b <- sum(fall[, t])
    if (a > 0 && b > 0) {
      top <- top + a * b / (a + b) * (mean(later[rise[, t], t] > 0) - mean(later[fall[, t], t] > 0))
      bottom <- bottom + a * b / (a + b)
    }
  }
  c(mean(later[rise] > 0) - mean(later[fall] > 0), top / bottom, mean(later[rise] > 0), mean(later[fall] > 0), sum(rise), sum(fall))
}
orders <- as.matrix(expand.grid(rep(list(1:6), 6)))
orders <- orders[apply(orders, 1, function(o) length(unique(o)) == 6), ]
every <- t(apply(orders, 1, differences)); seen <- differences(1:6)
p <- sapply(1:2, function(i) mean(abs(every[, i] - mean(every[, i])) >= abs(seen[i] - mean(every[, i])) - 1e-9))
write_json(list(lag = lag, estimate = seen[1:2], expected = colMeans(every)[1:2], p_value = p, share_after_rise = seen[3],
                share_after_fall = seen[4], n_rises = seen[5], n_falls = seen[6]),
           "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
