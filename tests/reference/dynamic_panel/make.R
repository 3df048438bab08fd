# y on its own lag and two lags of a predetermined x, which answers to earlier y: difference GMM by plm::pgmm.
suppressMessages({library(plm); source("../panel.R")})
set.seed(45)
n <- 60; years <- 2001:2009; wide <- length(years); burn <- 20
x <- y <- matrix(0, n, wide + burn); level <- rnorm(n); shared <- rnorm(wide + burn)
for (t in 2:(wide + burn)) {
  x[, t] <- .4 * x[, t - 1] + .3 * y[, t - 1] + level + rnorm(n)
  y[, t] <- .4 * y[, t - 1] + .3 * x[, t] + .2 * x[, t - 1] + shared[t] + 2 * level + rnorm(n)
}
now <- burn + 1:wide
data <- data.frame(
  entity = rep(1:n, wide), time = rep(years, each = n), x = round(as.vector(x[, now]), 4), y = round(as.vector(y[, now]), 4)
)
# Some units come late, some leave early, some miss a year in between.
holes <- with(data, (entity <= 8 & time < 2003) | (entity > 52 & time > 2007) | (entity %% 9 == 0 & time == 2004))
data <- data[!holes, ]
write.csv(data, "data.csv", row.names = FALSE)

answers <- function(x_instruments, model, collapse) {
  formula <- as.formula(paste("y ~ lag(y, 1) + lag(x, 0:1) | lag(y, 2:4)", x_instruments))
  fit <- pgmm(formula, pdata.frame(data, index = c("entity", "time")), effect = "twoways", model = model, collapse = collapse)
  found <- summary(fit, robust = TRUE)
  rows <- c("own lag 1", "lag 0", "lag 1")
  m <- function(order) as.numeric(mtest(fit, order = order, vcov = vcovHC(fit))$statistic)
  told <- list(
    estimate = as.list(setNames(found$coefficients[1:3, 1], rows)), se = as.list(setNames(found$coefficients[1:3, 2], rows)),
    m1 = m(1), m2 = m(2)
  )
  # Of step one plm weighs the moments of step one, which is another statistic than Hansen's.
  if (model == "twosteps") told <- c(told, hansen = unname(sargan(fit)$statistic), hansen_df = unname(sargan(fit)$parameter))
  told
}
cases <- list()
for (collapse in c(TRUE, FALSE)) for (model in c("onestep", "twosteps")) {
  name <- paste(if (collapse) "collapsed" else "each_period", model)
  cases[[name]] <- answers("+ lag(x, 1:4)", model, collapse)
}
cases[["exogenous onestep"]] <- answers("", "onestep", TRUE)
cases[["exogenous twosteps"]] <- answers("", "twosteps", TRUE)
save_answers(cases)
