# Two-way fixed effects by the full dummy regression, with all the errors the tests ask for.
suppressMessages({library(clubSandwich); library(jsonlite)})

# The value `k` calendar years earlier in the same entity, NA where that year is absent.
lag_by <- function(data, column, k) {
  data[[column]][match(paste(data$entity, data$time - k), paste(data$entity, data$time))]
}

# Entities and years with a single row carry nothing; dropped in turns until none is left.
drop_single <- function(data) {
  repeat {
    n <- nrow(data)
    data <- data[ave(data$time, data$entity, FUN = length) > 1, ]
    data <- data[ave(data$time, data$time, FUN = length) > 1, ]
    if (nrow(data) == n) return(data)
  }
}

panel_answers <- function(data, y, x, lags, cluster) {
  slopes <- paste(x, collapse = " + ")
  fit <- lm(as.formula(paste(y, "~", slopes, "+ factor(entity) + factor(time)")), data)
  groups <- data[[cluster]]
  b <- coef(fit)[x]
  cr <- function(type) vcovCR(fit, groups, type)
  n <- nrow(data); g <- length(unique(groups)); years <- length(unique(data$time))
  cr1 <- g / (g - 1) * (n - 1) / (n - length(x) - years)
  left_out <- sapply(unique(groups), function(one) coef(lm(formula(fit), data[groups != one, ]))[x])
  jackknife <- (left_out - b) %*% t(left_out - b)
  test <- coef_test(fit, cr("CR2"), test = "Satterthwaite", coefs = x)
  sums <- as.numeric(names(coef(fit)) %in% lags)
  total <- linear_contrast(fit, cr("CR2"), matrix(sums, 1), level = .95, test = "Satterthwaite")
  joint <- Wald_test(fit, constrain_zero(lags), cr("CR2"), test = "HTZ")
  list(
    n = n, n_clusters = g, coefficients = as.list(b),
    se_CR0 = as.list(setNames(sqrt(diag(cr("CR0"))[x]), x)),
    se_CR1 = as.list(setNames(sqrt(cr1 * diag(cr("CR0"))[x]), x)),
    se_CR2 = as.list(setNames(test$SE, x)), df_CR2 = as.list(setNames(test$df_Satt, x)),
    p_CR2 = as.list(setNames(test$p_Satt, x)),
    se_CR3 = as.list(setNames(sqrt(diag(jackknife)), x)),
    cumulative = list(estimate = total$Est, se = total$SE, df = total$df, ci_low = total$CI_L, ci_high = total$CI_U),
    joint = list(statistic = joint$Fstat, df = joint$df_denom, p_value = joint$p_val)
  )
}

save_answers <- function(answers) write_json(answers, "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
