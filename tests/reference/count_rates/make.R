# Spells of absence with exposure: negative binomial by glm.nb, errors by cluster by clubSandwich, whose CR2 adjusts
# residuals on the scale of the counts, where ours does so after weighting: the two differ by some percent.
suppressMessages({library(MASS); library(clubSandwich); library(jsonlite)})
set.seed(62)
rows <- list()
for (c in 1:12) for (u in 1:sample(3:6, 1)) {
  own <- rnorm(1, 0, .3)
  for (t in 0:5) if (runif(1) > .1) {
    x <- round(own + rnorm(1, 0, .4), 4); people <- sample(5:29, 1)
    mean <- people * exp(.1 - .25 * x + .05 * t)
    rows[[length(rows) + 1]] <- data.frame(
      cluster = c, entity = paste0(c, "-", u), time = t, x = x, person_years = people, n_spells = rnbinom(1, 5, mu = mean)
    )
  }
}
data <- do.call(rbind, rows)
data$between <- round(ave(data$x, data$entity), 6); data$within <- round(data$x - data$between, 6)
write.csv(data, "data.csv", row.names = FALSE)

answer <- function(columns) {
  formula <- as.formula(paste("n_spells ~ factor(time) +", paste(columns, collapse = "+"), "+ offset(log(person_years))"))
  model <- glm.nb(formula, data = data, control = glm.control(epsilon = 1e-13, maxit = 500))
  model <- glm(formula, data = data, family = negative.binomial(model$theta), control = glm.control(epsilon = 1e-13))
  told <- function(fit) {
    found <- lapply(c("CR0", "CR2"), function(kind) vcovCR(fit, cluster = data$cluster, type = kind))
    list(estimate = unname(coef(fit)[columns]), cr0 = unname(sqrt(diag(found[[1]]))[columns]),
      cr2 = unname(sqrt(diag(found[[2]]))[columns]))
  }
  poisson <- glm(formula, data = data, family = poisson, control = glm.control(epsilon = 1e-13))
  list(negative_binomial = told(model), poisson = told(poisson))
}
full <- glm.nb(n_spells ~ factor(time) + x + offset(log(person_years)), data = data, control = glm.control(epsilon = 1e-13, maxit = 500))
zero <- dnbinom(0, size = full$theta, mu = fitted(full))
answers <- list(one = answer("x"), two = answer(c("within", "between")), dispersion = 1 / full$theta, zeros = sum(zero))
write_json(answers, "expected.json", digits = 14, auto_unbox = TRUE, pretty = TRUE)
