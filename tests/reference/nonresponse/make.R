# Post-stratification and raking (loglin), with errors from a jackknife that weighs anew without each answer.
suppressMessages(library(jsonlite))
set.seed(13)
invited <- expand.grid(age = c("young", "middle", "old"), contract = c("fixed", "temporary"), stringsAsFactors = FALSE)
invited$n_invited <- c(60, 90, 50, 40, 25, 15)
rate <- c(.35, .5, .7, .25, .4, .45)
data <- do.call(rbind, lapply(seq_len(6), function(i) {
  n <- rbinom(1, invited$n_invited[i], rate[i])
  data.frame(age = invited$age[i], contract = invited$contract[i],
             recommend = pmin(10, pmax(0, round(rnorm(n, c(6.8, 7.5, 8.2)[(i - 1) %% 3 + 1], 1.9)))))
}))
write.csv(data[, 1:3], "data.csv", row.names = FALSE)
write.csv(invited, "invited.csv", row.names = FALSE)
data$y <- 100 * ((data$recommend >= 9) - (data$recommend <= 6))
ages <- unique(invited$age); kinds <- unique(invited$contract)
target <- xtabs(n_invited ~ factor(age, ages) + factor(contract, kinds), invited)
count <- function(x) table(factor(x$age, ages), factor(x$contract, kinds))
goal <- outer(rowSums(target), colSums(target)) / sum(target)
raked <- function(x) { f <- loglin(goal, list(1, 2), start = count(x), fit = TRUE, print = FALSE, eps = 1e-12, iter = 2000)$fit
  f / count(x) }
stratified <- function(x) target / count(x)
score <- function(x, cells) { w <- cells(x)[cbind(match(x$age, ages), match(x$contract, kinds))]; sum(w * x$y) / sum(w) }
weights <- function(x, cells) { w <- cells(x)[cbind(match(x$age, ages), match(x$contract, kinds))]; w / mean(w) }
n <- nrow(data); flat <- function(x) count(x) * 0 + 1
leave <- function(f) { t <- sapply(seq_len(n), function(i) f(data[-i, ])); sqrt((n - 1) / n * sum((t - mean(t))^2)) }
answer <- function(cells) {
  w <- weights(data, cells)
  list(estimate = score(data, cells), jackknife = leave(function(x) score(x, cells)), weights = w,
       change = score(data, cells) - mean(data$y), change_jackknife = leave(function(x) score(x, cells) - mean(x$y)),
       kish_deff = n * sum(w^2) / sum(w)^2)
}
p <- prop.test(sum(data$age == "young"), sum(target[1, ]), correct = FALSE)
# With weights known: regression on a constant, HC0 error times n / (n - 1).
suppressMessages(library(sandwich))
w <- weights(data, raked); known <- lm(y ~ 1, data, weights = w)
write_json(list(before = mean(data$y), before_se = sd(data$y) / sqrt(n), post_stratified = answer(stratified),
  raked = answer(raked), known_se = sqrt(vcovHC(known, type = "HC0")[1, 1] * n / (n - 1)),
  young_rate = unname(p$estimate), young_95 = p$conf.int[1:2]), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
