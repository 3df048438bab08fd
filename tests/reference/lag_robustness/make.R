# The claim "y follows x after two years" around its headline (lags 0-2): other specifications, both directions stacked,
# without each unit, unit by unit, and corrected for known errors of x. Rows with kept = 0 are holes in the calendar.
suppressMessages({library(plm); source("../panel.R")})
set.seed(20)
n <- 12; years <- 2001:2012; wide <- length(years)
series <- function() t(replicate(n, as.numeric(arima.sim(list(ar = .4), wide + 2))))
x <- series(); noise <- series(); now <- 1:wide + 2
truth <- rnorm(n, .5, .2)
y <- .2 * x[, now] + truth * x[, now - 2] + noise[, now] + rnorm(n) + rep(rnorm(wide), each = n)
x_se <- matrix(runif(n * wide, .2, .6), n); response <- matrix(round(runif(n * wide, .4, .8), 3), n)
data <- data.frame(
  entity = rep(1:n, wide), time = rep(years, each = n), x = as.vector(x[, now] + x_se * rnorm(n * wide)),
  y = as.vector(y), x_se = as.vector(x_se), response_rate = as.vector(response), kept = rbinom(n * wide, 1, .93)
)
data[c("x", "y", "x_se")] <- round(data[c("x", "y", "x_se")], 4)
write.csv(data, "data.csv", row.names = FALSE)
balanced <- data; data <- data[data$kept == 1, ]

with_lags <- function(data, x, ks) {
  for (k in ks) data[[paste0(x, "_l", k)]] <- lag_by(data, x, k)
  data
}
rows <- function(data, x, ks) drop_single(na.omit(with_lags(data, x, ks)))
claimed <- function(fit, data, name) {
  test <- coef_test(fit, vcovCR(fit, data$entity, "CR2"), test = "Satterthwaite", coefs = name)
  list(estimate = test$beta, se = test$SE, df = test$df_Satt, n = nobs(fit))
}
two_way <- function(data, slopes, more = "") {
  lm(as.formula(paste("y ~", slopes, "+ factor(entity) + factor(time)", more)), data)
}

# Other specifications.
sample <- rows(data, "x", 0:2); lags <- "x_l0 + x_l1 + x_l2"
variants <- list(headline = claimed(two_way(sample, lags), sample, "x_l2"))
variants$unit_trends <- claimed(two_way(sample, lags, "+ factor(entity):I(time - 2006)"), sample, "x_l2")
sample$response_then <- lag_by(data, "response_rate", 2)[match(rownames(sample), rownames(data))]
variants$response_rate <- claimed(two_way(sample, paste(lags, "+ response_then")), sample, "x_l2")
regimes <- sample[sample$time < 2007 | sample$time >= 2009, ]
regimes$own <- paste(regimes$entity, regimes$time >= 2007)
regimes <- regimes[ave(regimes$time, regimes$own, FUN = length) > 1, ]
broken <- lm(as.formula(paste("y ~", lags, "+ own + factor(time)")), regimes)
variants$redesign <- claimed(broken, regimes, "x_l2")
changes <- sample
for (column in c("y", "x_l0", "x_l1", "x_l2")) changes[[column]] <- sample[[column]] - lag_by(sample, column, 1)
changes <- na.omit(changes)
difference <- lm(as.formula(paste("y ~", lags, "+ factor(time)")), changes)
variants$first_differences <- claimed(difference, changes, "x_l2")
alone <- rows(data, "x", 2)
variants$single_lag <- claimed(two_way(alone, "x_l2"), alone, "x_l2")
variants$single_lag_same_rows <- claimed(two_way(sample, "x_l2"), sample, "x_l2")
lead <- rows(data, "x", c(-1, 0:2)); names(lead) <- sub("x_l-1", "x_lead", names(lead))
variants$with_lead <- claimed(two_way(lead, paste("x_lead +", lags)), lead, "x_l2")

# Both directions in one regression; y is put on the scale of x.
free <- rows(data, "x", 0)
within <- function(column) resid(lm(free[[column]] ~ factor(free$entity) + factor(free$time)))
ratio <- sqrt(sum(within("x")^2) / sum(within("y")^2))
stacked <- function(cause, outcome, scales, name) {
  one <- rows(data, cause, 0:2)
  made <- data.frame(entity = one$entity, side = name, own_time = paste(name, one$time), own = paste(name, one$entity))
  made$outcome <- one[[outcome]] * scales[1]
  for (k in 0:2) {
    made[[paste0("f", k)]] <- if (name == "f") one[[paste0(cause, "_l", k)]] * scales[2] else 0
    made[[paste0("r", k)]] <- if (name == "r") one[[paste0(cause, "_l", k)]] * scales[2] else 0
  }
  made
}
stack <- rbind(stacked("x", "y", c(ratio, 1), "f"), stacked("y", "x", c(1, ratio), "r"))
both <- lm(outcome ~ f0 + f1 + f2 + r0 + r1 + r2 + own + own_time, stack)
kept <- !is.na(coef(both))
contrast <- (names(coef(both)) == "f2") - (names(coef(both)) == "r2")
line <- linear_contrast(both, vcovCR(both, stack$entity, "CR2"), matrix(contrast[kept], 1), test = "Satterthwaite")

# Without each unit, every regression again.
left_out <- lapply(split(sample, sample$entity), function(gone) {
  left <- sample[sample$entity != gone$entity[1], ]
  claimed(two_way(left, lags), left, "x_l2")
})

# Unit by unit on the full calendar: demeaned mean group of plm.
full <- pdata.frame(na.omit(with_lags(balanced, "x", 0:2)), index = c("entity", "time"))
group <- pmg(y ~ x_l0 + x_l1 + x_l2, full, model = "dmg")
slopes <- group$indcoef["x_l2", ]
apart <- full
for (column in c("y", "x_l0", "x_l1", "x_l2")) apart[[column]] <- apart[[column]] - ave(apart[[column]], apart$time)
own <- sapply(split(as.data.frame(apart), apart$entity), function(one) {
  summary(lm(y ~ x_l0 + x_l1 + x_l2, one))$coefficients["x_l2", 1:2]
})
apart$unit <- factor(apart$entity)
same <- lm(y ~ 0 + unit + unit:x_l0 + unit:x_l1 + x_l2, as.data.frame(apart))
differing <- lm(y ~ 0 + unit + unit:x_l0 + unit:x_l1 + unit:x_l2, as.data.frame(apart))
test <- anova(same, differing)
spread <- var(own[1, ]) - mean(own[2, ]^2)
mean_group <- list(
  estimate = group$coefficients[["x_l2"]], se = sqrt(group$vcov["x_l2", "x_l2"]), tau2 = spread,
  slopes = unname(own[1, ]), slopes_plm = unname(slopes), slopes_se = unname(own[2, ]),
  heterogeneity = list(q = test$F[2] * test$Df[2], q_df = test$Df[2], q_p_value = test$`Pr(>F)`[2])
)

# Known errors of x: one error at a time through the dense annihilator.
design <- as.matrix(sample[c("x_l0", "x_l1", "x_l2")]); dummies <- model.matrix(~ factor(entity) + factor(time), sample)
annihilator <- diag(nrow(sample)) - dummies %*% solve(crossprod(dummies), t(dummies))
noise_part <- matrix(0, 3, 3)
for (i in seq_len(nrow(data))) {
  pattern <- sapply(0:2, function(k) sample$entity == data$entity[i] & sample$time - k == data$time[i]) * 1
  noise_part <- noise_part + data$x_se[i]^2 * t(pattern) %*% annihilator %*% pattern
}
gram <- t(design) %*% annihilator %*% design
corrected <- solve(gram - noise_part, t(design) %*% annihilator %*% sample$y)
errors <- list(
  error_covariance = noise_part, corrected = as.vector(corrected),
  naive = as.vector(solve(gram, t(design) %*% annihilator %*% sample$y)),
  reliability = 1 - diag(noise_part) / diag(gram), reliability_matrix = solve(gram, gram - noise_part)
)

save_answers(list(
  variants = variants, difference = list(estimate = line$Est, se = line$SE, df = line$df),
  left_out = left_out, mean_group = mean_group, errors = errors
))
