# Reliability of unit means from raw answers: mean squares within by aov per study, means and variances by loops.
suppressMessages(library(jsonlite))
set.seed(31)
rows <- do.call(rbind, lapply(1:4, function(s) do.call(rbind, lapply(1:(5 + 2 * s), function(u) {
  people <- sample(6:18, 1); asked <- sample(1:people, 1); level <- rnorm(1, 3 + s / 10, .5)
  data.frame(study = paste0("s", s), unit = sprintf("s%du%02d", s, u), population = people,
             answer = round(level + rnorm(asked, 0, .5 + .1 * s), 2)) }))))
write.csv(rows, "data.csv", row.names = FALSE)
parts <- function(finite) {
  found <- lapply(split(rows, rows$study), function(d) {
    within <- summary(aov(answer ~ unit, d))[[1]]["Residuals", "Mean Sq"]
    means <- tapply(d$answer, d$unit, mean); n <- tapply(d$answer, d$unit, length)
    people <- tapply(d$population, d$unit, max)
    left <- if (finite) 1 - n / people else 1
    list(error = mean(within / n * left), variance = var(as.vector(means)), k = length(n)) })
  error <- sapply(found, `[[`, "error"); k <- sapply(found, `[[`, "k")
  true <- sum((k - 1) * (sapply(found, `[[`, "variance") - error)) / sum(k - 1)
  list(true_variance = true, error_variance = unname(error), reliability = unname(true / (true + error)))
}
write_json(list(finite = parts(TRUE), endless = parts(FALSE)), "expected.json", digits = 15, auto_unbox = TRUE,
           pretty = TRUE)
