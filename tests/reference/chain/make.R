# Links of a chain: split halves as stacked two-stage least squares (estimatr), measured links by CR2 (clubSandwich), a
# cause known from a share of its people by loops, and a path of two links redrawn by groups (boot).
suppressMessages({library(jsonlite); library(estimatr); library(clubSandwich); library(boot)})
set.seed(47)
groups <- 12; units <- 6; periods <- 5
d <- expand.grid(time = 1:periods, unit = 1:units, group = 1:groups)
d$entity <- sprintf("g%02du%d", d$group, d$unit); d$cluster <- sprintf("g%02d", d$group)
n <- nrow(d); shock <- rnorm(groups * periods, 0, .4)[(d$group - 1) * periods + d$time]
x <- rnorm(groups * units, 0, .4)[(d$group - 1) * units + d$unit] + shock + rnorm(n, 0, .5)
mood <- function() rnorm(n, 0, .35); m <- list(a = mood(), b = mood())
y <- .6 * x + rnorm(n, 0, .3); z <- .4 * y + shock + rnorm(n, 0, .3)
for (h in c("a", "b")) {
  d[[paste0("x_", h)]] <- x + m[[h]]; d[[paste0("y_", h)]] <- y + m[[h]]; d[[paste0("z_", h)]] <- z + rnorm(n, 0, .4)
}
for (v in c("x", "y", "z")) d[[v]] <- (d[[paste0(v, "_a")]] + d[[paste0(v, "_b")]]) / 2
d$heard <- round(runif(n, .5, .9), 2)
d <- d[(seq_len(n) * 7) %% 11 != 0, setdiff(names(d), c("unit", "group"))]
write.csv(format(d, digits = 12), "data.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("data.csv")

free <- function(d, v) resid(lm(d[[v]] ~ factor(d$entity) + interaction(d$cluster, d$time, drop = TRUE)))
f <- d; for (v in setdiff(names(d), c("time", "entity", "cluster", "heard"))) f[[v]] <- free(d, v)

same <- function(from, to) {
  a <- data.frame(y = d[[paste0(to, "_a")]], x = d[[paste0(from, "_a")]], z = d[[paste0(from, "_b")]], half = "a")
  b <- data.frame(y = d[[paste0(to, "_b")]], x = d[[paste0(from, "_b")]], z = d[[paste0(from, "_a")]], half = "b")
  s <- rbind(a, b); s$cluster <- rep(d$cluster, 2)
  s$entity <- paste(rep(d$entity, 2), s$half); s$shock <- paste(rep(d$cluster, 2), rep(d$time, 2), s$half)
  fit <- iv_robust(y ~ x + factor(entity) + factor(shock) | z + factor(entity) + factor(shock), data = s,
                   clusters = cluster, se_type = "CR0")
  list(estimate = unname(fit$coefficients["x"]), cr0 = unname(fit$std.error["x"]))
}
own <- function(r, v, finite) {
  crossed <- r[[paste0(v, "_a")]] * r[[paste0(v, "_b")]]
  if (finite) r$heard * r[[v]]^2 + (1 - r$heard) * crossed else crossed
}
other <- function(from, to) {
  top <- f[[from]] * f[[to]]; below <- own(f, from, TRUE); b <- sum(top) / sum(below)
  s <- tapply(top - b * below, f$cluster, sum)
  list(estimate = b, cr0 = sqrt(sum(s^2)) / sum(below))
}
measured <- function(from, to) {
  fit <- lm(f[[to]] ~ 0 + f[[from]])
  test <- coef_test(fit, vcovCR(fit, cluster = f$cluster, type = "CR2"), test = "Satterthwaite")
  list(estimate = unname(coef(fit)), se = test$SE, df = test$df_Satt)
}
crossed <- function(r, v, w) (r[[paste0(v, "_a")]] * r[[paste0(w, "_b")]] + r[[paste0(v, "_b")]] * r[[paste0(w, "_a")]]) / 2
path <- function(clusters, at) {
  r <- do.call(rbind, split(f, f$cluster)[clusters[at]])
  first <- sum(crossed(r, "x", "y")) / sum(own(r, "x", FALSE))
  first * sum(r$y * r$z) / sum(own(r, "y", TRUE))
}
set.seed(3)
b <- boot(unique(f$cluster), path, R = 4000)
two <- list(first = same("x", "y"), second = other("y", "z"))
delta <- with(two, sqrt((first$estimate * second$cr0)^2 + (second$estimate * first$cr0)^2))
write_json(list(same_people = two$first, other_people = two$second, measured = measured("x", "y"),
                path = list(estimate = b$t0, se_boot = sd(b$t), low = unname(quantile(b$t, .025)),
                            high = unname(quantile(b$t, .975)), se_delta = delta)),
           "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
