# Relative importance by refits with lm: R's own `attitude`, and persons in units of clusters made from a seed.
suppressMessages(library(jsonlite))
permutations <- function(v) if (length(v) < 2) list(v) else
  do.call(c, lapply(seq_along(v), function(i) lapply(permutations(v[-i]), function(rest) c(v[i], rest))))
r2 <- function(d, y, x, w) if (!length(x)) 0 else
  summary(lm(reformulate(x, y), d, weights = w))$r.squared
lmg <- function(d, y, x, w = rep(1, nrow(d))) {
  seen <- new.env()
  known <- function(s) { key <- paste(c("-", sort(s)), collapse = " ")
    if (is.null(seen[[key]])) seen[[key]] <- r2(d, y, s, w)
    seen[[key]] }
  orders <- permutations(x)
  total <- setNames(numeric(length(x)), x)
  for (o in orders) for (i in seq_along(o))
    total[o[i]] <- total[o[i]] + known(o[seq_len(i)]) - known(o[seq_len(i - 1)])
  total / length(orders)
}
johnson <- function(d, y, x) {
  s <- svd(scale(d[x]) / sqrt(nrow(d) - 1))
  z <- s$u %*% t(s$v)
  colnames(z) <- paste0("z", seq_along(x))
  b <- coef(lm(scale(d[[y]]) / sqrt(nrow(d) - 1) ~ z - 1))
  l <- coef(lm(as.matrix(scale(d[x])) / sqrt(nrow(d) - 1) ~ z - 1))
  setNames(as.vector(t(l^2) %*% b^2), x)
}
vif <- function(d, x) sapply(x, function(v) 1 / (1 - r2(d, v, setdiff(x, v), rep(1, nrow(d)))))
y <- "rating"; x <- setdiff(names(attitude), y)
write.csv(attitude, "attitude.csv", row.names = FALSE)

set.seed(6)
sizes <- sample(3:8, 18, TRUE); unit <- rep(seq_along(sizes), sizes); n <- length(unit)
cluster <- (unit - 1) %/% 3
mood <- rnorm(n); level <- rnorm(18)[unit]
p <- data.frame(unit, cluster, weight = round(runif(n, .5, 2), 2))
for (v in c("a", "b", "c")) p[[v]] <- round(mood + level + rnorm(n), 3)
p$y <- round(.5 * p$a + .3 * p$b + rnorm(n), 3)
write.csv(p, "data.csv", row.names = FALSE)
drivers <- c("a", "b", "c")
centred <- function(d) { for (v in c(drivers, "y"))
  d[[v]] <- d[[v]] - (tapply(d$weight * d[[v]], d$unit, sum) / tapply(d$weight, d$unit, sum))[as.character(d$unit)]
  d }
w <- centred(p)
share <- function(d) { l <- lmg(d, "y", drivers, d$weight); l / sum(l) }
jack <- function(f) { each <- sapply(unique(w$cluster), function(g) f(w[w$cluster != g, ])); G <- ncol(each)
  sqrt((G - 1) / G * rowSums((each - rowMeans(each))^2)) }
slopes <- function(d) coef(lm(y ~ a + b + c - 1, d, weights = d$weight))

half <- data.frame(x1 = tapply(p$a, unit, function(v) mean(v[seq(1, length(v), 2)])),
  x2 = tapply(p$a, unit, function(v) mean(v[seq(2, length(v), 2)])),
  y1 = tapply(p$y, unit, function(v) mean(v[seq(1, length(v), 2)])),
  y2 = tapply(p$y, unit, function(v) mean(v[seq(2, length(v), 2)])), cluster = (1:18 - 1) %/% 3)
write.csv(half, "halves.csv", row.names = FALSE)
iv <- function(h) (cov(h$x1, h$y2) + cov(h$x2, h$y1)) / 2 / cov(h$x1, h$x2)
each <- sapply(0:5, function(g) iv(half[half$cluster != g, ]))

write_json(list(r2 = r2(attitude, y, x, rep(1, 30)), lmg = as.list(lmg(attitude, y, x)),
  johnson = as.list(johnson(attitude, y, x)), vif = as.list(vif(attitude, x)),
  slopes = as.list(coef(lm(rating ~ . - 1, as.data.frame(scale(attitude))))),
  common = unname(prcomp(attitude[x], scale. = TRUE)$sdev[1]^2 / length(x)),
  within_shares = as.list(share(w)), within_share_se = as.list(jack(share)),
  within_slopes = as.list(slopes(w)), within_slope_se = as.list(jack(slopes)),
  between = iv(half), between_se = sqrt(5 / 6 * sum((each - mean(each))^2))),
  "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
