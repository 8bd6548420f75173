using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Settings;

/// <summary>Reads a section of the settings, and checks it at the start by the attributes of its class, with words of our own (<see cref="SettingFault"/>).</summary>
public static class SettingRules
{
    /// <summary>The section as options of this class, checked before the process starts.</summary>
    public static void AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddOptions<T>().Configure<IConfiguration>((settings, configuration) => Bind(configuration, section, settings)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new Rules<T>(section));
        services.AddSingleton(new SettingSection(section, [.. SettingsOf(typeof(T)).Select(setting => setting.Name)]));
    }

    /// <summary>The section for whoever wires the process, unchecked except that numbers are numbers.</summary>
    /// <exception cref="SettingException">One is none.</exception>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = new T();
        Bind(configuration, section, settings);
        return settings;
    }

    private static void Bind<T>(IConfiguration configuration, string section, T settings)
        where T : class
    {
        var own = configuration.GetSection(section);
        foreach (var setting in SettingsOf(typeof(T)))
        {
            if (own[setting.Name] is { } text && !CanBe(setting.PropertyType, text))
                throw new SettingException(SettingFault.Unreadable($"{section}:{setting.Name}", setting, text));
        }

        own.Bind(settings);
    }

    private static IEnumerable<PropertyInfo> SettingsOf(Type options) => options.GetProperties().Where(property => property.SetMethod is not null);

    /// <summary>By the same converters that the framework reads settings with.</summary>
    private static bool CanBe(Type type, string text)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        return !kind.IsValueType || (text.Length == 0 && kind != type) || TypeDescriptor.GetConverter(kind).IsValid(text);
    }

    private sealed class Rules<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var faults = (from setting in SettingsOf(typeof(T))
                          let value = setting.GetValue(options)
                          from rule in setting.GetCustomAttributes<ValidationAttribute>()
                          where !rule.IsValid(value)
                          select SettingFault.Of($"{section}:{setting.Name}", setting, rule, value)).ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
