namespace Im.Telemetry.Tests.Prometheus;

public sealed class PromQlTests
{
    [Theory]
    [InlineData("up", "up{} by ()")]
    [InlineData("sum(rate(a_total[5m])) > 0.5", "a_total{} by ()")]
    [InlineData("max by (x, y) (a{b=\"c\",d=~\"e|f.+\"})", "a{b=\"c\",d=~\"e|f.+\"} by (x,y)")]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m])))", "a_bucket{} by (le)")]
    [InlineData("sum by (x) (a) / sum by (y) (b)", "a{} by (x); b{} by (y)")]
    [InlineData("count by (x) (count by (x, y) (a offset 10m))", "a{} by (x,y)")]
    [InlineData("(sum(a) or vector(0)) == 0 and on () count(b{c!=\"\"}) > 0", "a{} by (); b{c!=\"\"} by ()")]
    [InlineData("max by (x) (a) / on (x) max by (x) (b)", "a{} by (x); b{} by (x)")]
    [InlineData("a / on (x) b", "a{} by (x); b{} by (x)")]
    [InlineData("topk(5, sum by (x) (a{b=\"by (z)\"}))", "a{b=\"by (z)\"} by (x)")]
    public void It_sees_the_metrics_and_the_labels_of_each(string expression, string expected) =>
        Assert.Equal(expected, string.Join("; ", PromQl.Selectors(expression)));

    [Theory]
    [InlineData("sum(a) by (x)")]
    [InlineData("sum without (x) (a)")]
    [InlineData("a * on (x) group_left (y) b")]
    public void It_refuses_what_it_cannot_judge(string expression) =>
        Assert.Throws<FormatException>(() => PromQl.Selectors(expression));
}
