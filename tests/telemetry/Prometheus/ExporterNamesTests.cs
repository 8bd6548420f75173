namespace Im.Telemetry.Tests.Prometheus;

/// <summary>The exporter's rules one by one, and the names of ours that dashboards and alerts live by.</summary>
public sealed class ExporterNamesTests
{
    [Theory]
    [InlineData("simple_metric", "", PrometheusType.Gauge, "simple_metric")]
    [InlineData("metric@with#special$chars", "", PrometheusType.Gauge, "metric_with_special_chars")]
    [InlineData("metric__with__many", "", PrometheusType.Gauge, "metric_with_many")]
    [InlineData("123metric", "", PrometheusType.Gauge, "_123metric")]
    [InlineData("requests", "", PrometheusType.Counter, "requests_total")]
    [InlineData("requests_total", "", PrometheusType.Counter, "requests_total")]
    [InlineData("total.requests", "", PrometheusType.Counter, "requests_total")]
    [InlineData("cpu_usage", "1", PrometheusType.Gauge, "cpu_usage_ratio")]
    [InlineData("cpu_usage_ratio", "1", PrometheusType.Gauge, "cpu_usage_ratio")]
    [InlineData("items", "1", PrometheusType.Counter, "items_total")]
    [InlineData("sizes", "1", PrometheusType.Histogram, "sizes")]
    [InlineData("response_time", "ms", PrometheusType.Gauge, "response_time_milliseconds")]
    [InlineData("response_time_seconds", "s", PrometheusType.Gauge, "response_time_seconds")]
    [InlineData("memory_usage", "By", PrometheusType.Gauge, "memory_usage_bytes")]
    [InlineData("cpu_seconds_total", "s", PrometheusType.Counter, "cpu_seconds_total")]
    [InlineData("requests", "1/s", PrometheusType.Gauge, "requests_per_second")]
    [InlineData("throughput", "By/s", PrometheusType.Gauge, "throughput_bytes_per_second")]
    [InlineData("requests", "1/s", PrometheusType.Counter, "requests_per_second_total")]
    [InlineData("custom_metric", "custom_unit", PrometheusType.Gauge, "custom_metric_custom_unit")]
    [InlineData("custom_metric", "{custom}", PrometheusType.Gauge, "custom_metric")]
    [InlineData("custom_metric", "By/{custom}", PrometheusType.Gauge, "custom_metric_bytes")]
    [InlineData("custom_metric", "unit@with#special/chars", PrometheusType.Gauge, "custom_metric_unit_with_special_per_chars")]
    [InlineData("load", "%", PrometheusType.Gauge, "load_percent")]
    public void A_metric_has_its_unit_and_what_its_type_adds(string name, string unit, PrometheusType type, string expected) =>
        Assert.Equal(expected, ExporterNames.Metric(name, unit, type));

    [Theory]
    [InlineData("im.connections", "{connection}", PrometheusType.Gauge, "im_connections")]
    [InlineData("im.messages.accepted", "{message}", PrometheusType.Counter, "im_messages_accepted_total")]
    [InlineData("im.send.duration", "s", PrometheusType.Histogram, "im_send_duration_seconds")]
    [InlineData("im.batch.size", "{message}", PrometheusType.Histogram, "im_batch_size")]
    [InlineData("im.dependency.up", "1", PrometheusType.Gauge, "im_dependency_up_ratio")]
    [InlineData("im.online.waiting", "s", PrometheusType.Gauge, "im_online_waiting_seconds")]
    [InlineData("http.server.request.duration", "s", PrometheusType.Histogram, "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.last_collection.memory.committed_size", "By", PrometheusType.Gauge, "dotnet_gc_last_collection_memory_committed_size_bytes")]
    [InlineData("dotnet.process.cpu.time", "s", PrometheusType.Counter, "dotnet_process_cpu_time_seconds_total")]
    public void Ours_are_called(string name, string unit, PrometheusType type, string expected) =>
        Assert.Equal(expected, ExporterNames.Metric(name, unit, type));

    [Theory]
    [InlineData("im.code", "im_code")]
    [InlineData("service.instance.id", "service_instance_id")]
    [InlineData("http.response.status_code", "http_response_status_code")]
    [InlineData("a..b", "a__b")]
    [InlineData("1st", "key_1st")]
    [InlineData("_own", "key_own")]
    [InlineData("__own", "__own")]
    [InlineData("", "")]
    public void A_label_has_underscores_for_what_cannot_stand_in_it(string attribute, string expected) =>
        Assert.Equal(expected, ExporterNames.Label(attribute));
}
