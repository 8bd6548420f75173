using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Im.Hosting.Settings;

/// <summary>The words for a setting that cannot be: its whole key, what it is, what it may be, and why.</summary>
internal static class SettingFault
{
    public static string Of(string key, PropertyInfo setting, ValidationAttribute rule, object? value) => rule switch
    {
        RangeAttribute range => $"{key} is {Number(value)}: {LimitsOf(setting, range)}",
        RequiredAttribute => $"{key} is empty: it has to be set{Since(setting)}",
        _ => rule.FormatErrorMessage(key),
    };

    /// <summary>For a text that is no value of its kind at all. Only numbers and switches are of a kind, so it is no secret.</summary>
    public static string Unreadable(string key, PropertyInfo setting, string text)
    {
        var range = setting.GetCustomAttribute<RangeAttribute>();
        var isSwitch = (Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType) == typeof(bool);
        return $"{key} is '{text}': {(isSwitch ? "true or false" : range is null ? "a number" : LimitsOf(setting, range))}";
    }

    private static string LimitsOf(PropertyInfo setting, RangeAttribute range)
    {
        var unit = setting.GetCustomAttribute<BecauseAttribute>()?.Unit ?? LastWord(setting.Name);
        return $"{Number(range.Minimum)} to {Number(range.Maximum)}{(unit.Length > 0 ? " " : "")}{unit}{Since(setting)}";
    }

    private static string Since(PropertyInfo setting) => setting.GetCustomAttribute<BecauseAttribute>() is { } because ? $", since {because.Reason}" : "";

    private static string LastWord(string name) => name[name.LastIndexOfAny([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])..].ToLowerInvariant();

    private static string Number(object? value) => value is double share
        ? share.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{value:#,0}");
}
