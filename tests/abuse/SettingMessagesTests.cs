using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Im.Admin;
using Im.Gateway;
using Im.Hosting;
using Im.Login;
using Im.Message;
using Im.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Im.Abuse.Tests;

/// <summary>Every setting of every class of options, beyond its limits: the process does not start, and says which one it is, what it may be and why.</summary>
public sealed class SettingMessagesTests
{
    private static readonly IImModule[] Modules = [new AdminModule(), new GatewayModule(), new LoginModule(), new MessageModule(), new SessionModule()];

    public static TheoryData<string, string> BeyondTheirLimits =>
    [
        .. from setting in Settings
           let range = setting.Property.GetCustomAttribute<RangeAttribute>()
           where range is not null
           from value in (string[])[Beyond(range.Minimum, -1), Beyond(range.Maximum, 1)]
           select new TheoryDataRow<string, string>(setting.Key, value),
    ];

    public static TheoryData<string> OfAKind => [.. Settings.Where(setting => setting.Property.PropertyType.IsValueType).Select(setting => setting.Key)];

    private static IReadOnlyList<(string Key, PropertyInfo Property)> Settings { get; } =
    [
        .. from assembly in Modules.Select(module => module.GetType().Assembly).Append(typeof(ImOptions).Assembly)
           from options in assembly.GetTypes()
           where options.Name.EndsWith("Options", StringComparison.Ordinal)
           let section = options.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           from property in options.GetProperties()
           where property.SetMethod is not null
           select ($"{section}:{property.Name}", property),
    ];

    [Theory]
    [MemberData(nameof(BeyondTheirLimits))]
    public async Task A_number_beyond_its_limits_is_refused_with_its_key_the_limits_their_unit_and_the_reason(string key, string value)
    {
        var fault = Assert.IsType<OptionsValidationException>(await RefusalAsync(key, value));
        Assert.Single(fault.Failures, failure => Regex.IsMatch(failure, $@"^{key} is -?[\d,.]+: [\d,.]+ to [\d,.]+( [a-zA-Z][\w ]+)?, since \w.{{10,}}$"));
    }

    [Theory]
    [InlineData("Im:Gateway:ReconcileSeconds", "31", "Im:Gateway:ReconcileSeconds is 31: 1 to 30 seconds, since what was lost on the way to a client is found after that long")]
    [InlineData("Im:Gateway:MessagesPerSecond", "0", "Im:Gateway:MessagesPerSecond is 0: 1 to 1,000,000 messages a second, since with none nobody could send")]
    [InlineData("Im:Telemetry:SampleRatio", "1.5", "Im:Telemetry:SampleRatio is 1.5: 0 to 1, since it is a share, and 1 is all")]
    [InlineData("Im:Database", "", "Im:Database is empty: it has to be set, since nothing can be kept without one")]
    [InlineData("Im:Gateway:Listen", "8080", "Im:Gateway:Listen is an address to listen on, as http://127.0.0.1:8080 or http://*:8080")]
    [InlineData("Im:Gateway:HeartbeatSeconds", "soon", "Im:Gateway:HeartbeatSeconds is 'soon': 1 to 300 seconds, since a client that is gone is noticed after 2.5 of them")]
    [InlineData("Im:PlainHttp", "yes", "Im:PlainHttp is 'yes': true or false")]
    [InlineData("Im:Logs:Format", "xml", "Im:Logs:Format is text or json")]
    public async Task These_are_the_words(string key, string value, string words) =>
        Assert.Equal(words, await RefusalAsync(key, value) is { } fault ? (fault as OptionsValidationException)?.Failures.Single() ?? fault.Message : null);

    [Theory]
    [MemberData(nameof(OfAKind))]
    public async Task What_is_no_number_or_no_switch_is_refused_with_its_key(string key) =>
        Assert.StartsWith($"{key} is 'x': ", (await RefusalAsync(key, "x"))?.Message, StringComparison.Ordinal);

    [Fact]
    public void Every_setting_stands_in_the_table_of_the_manual()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "operations.md")).Where(line => line.StartsWith("| `Im:", StringComparison.Ordinal)).ToList();
        Assert.True(rows.Count > 30);
        var missing = Settings.Select(setting => setting.Key).Where(key => !rows.Any(row => Names(row).Contains(key))).ToList();
        Assert.Empty(missing);
    }

    /// <summary>A row may have several settings of a section: the first one with its whole key, the others with their names.</summary>
    private static List<string> Names(string row)
    {
        var names = row.Split('|')[1].Split('`').Where((_, index) => index % 2 == 1).ToList();
        var section = names[0][..names[0].LastIndexOf(':')];
        return [.. names.Select(name => name.StartsWith("Im:", StringComparison.Ordinal) ? name : $"{section}:{name}")];
    }

    private static string Beyond(object limit, int by) => ((IConvertible)limit).ToDouble(CultureInfo.InvariantCulture) is var number && limit is double
        ? (number + (by * 0.5)).ToString(CultureInfo.InvariantCulture)
        : ((long)number + by).ToString(CultureInfo.InvariantCulture);

    /// <summary>What keeps a process with all of these services from starting; everything but the one setting is right.</summary>
    private static async Task<Exception?> RefusalAsync(string key, string value) => await Record.ExceptionAsync(async () =>
    {
        string[] right = ["--environment=Development", "--Im:Database=Data Source=:memory:", $"--Im:Admin:Key={new string('k', 40)}"];
        await using var app = ImHost.Create([.. right, $"--{key}={value}"], Modules);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
    });
}
