# Top against bottom quartile of units in 40 organisations of 12 countries.
suppressMessages({library(clubSandwich); library(boot); library(jsonlite)})
set.seed(20)
n <- 480
organisation <- sample(1:40, n, TRUE)
country <- organisation %% 12
engagement <- round(3.8 + .15 * rnorm(12)[country + 1] + .1 * rnorm(40)[organisation] + .3 * rnorm(n), 2)
size <- round(exp(rnorm(n, 3, .5))) + 3
value <- round(100 + 8 * rnorm(40)[organisation] + 12 * (engagement - 3.8) + .5 * log(size) + 9 * rnorm(n), 3)
data <- data.frame(organisation = paste0("org", organisation), cluster = paste0("country", country),
                   entity = seq_len(n), size, engagement, value)
write.csv(data, "data.csv", row.names = FALSE)

gap <- function(d) {
  cuts <- quantile(d$engagement, c(.25, .75), type = 7, names = FALSE)
  top <- d$value[d$engagement >= cuts[2]]; bottom <- d$value[d$engagement <= cuts[1]]
  c(raw = mean(top) - mean(bottom), sd = (mean(top) - mean(bottom)) / sd(d$value),
    percent = 100 * (mean(top) / mean(bottom) - 1), p25 = cuts[1], p75 = cuts[2],
    n_top = length(top), n_bottom = length(bottom), mean_top = mean(top), mean_bottom = mean(bottom))
}
cuts <- quantile(data$engagement, c(.25, .75), type = 7)
ends <- data[data$engagement >= cuts[2] | data$engagement <= cuts[1], ]
ends$in_top <- as.numeric(ends$engagement >= cuts[2])
welch <- t.test(ends$value[ends$in_top == 1], ends$value[ends$in_top == 0])
adjusted <- lm(value ~ in_top + log(size) + factor(organisation), ends)
test <- coef_test(adjusted, vcovCR(adjusted, ends$cluster, "CR2"), test = "Satterthwaite", coefs = "in_top")
within <- do.call(rbind, lapply(split(data, data$organisation), function(d) if (nrow(d) >= 8) gap(d)))

rows <- split(seq_len(n), data$cluster)
drawn <- boot(seq_along(rows), function(clusters, chosen) gap(data[unlist(rows[chosen]), ])[1:3], R = 4000)
se <- setNames(apply(drawn$t, 2, sd) * sqrt(12 / 11), c("raw", "sd", "percent"))

write_json(list(
  gap = as.list(gap(data)), bootstrap_se = as.list(se), r = cor(data$engagement, data$value),
  welch = list(estimate = unname(welch$estimate[1] - welch$estimate[2]), se = welch$stderr, df = unname(welch$parameter),
               ci_low = welch$conf.int[1], ci_high = welch$conf.int[2], p_value = welch$p.value),
  adjusted = list(estimate = test$beta, se = test$SE, df = test$df_Satt, p_value = test$p_Satt),
  organisations = list(n = nrow(within), median_raw = median(within[, "raw"]), median_percent = median(within[, "percent"]))
), "expected.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
