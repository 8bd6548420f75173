using Im.Contracts.Accounts;
using Im.Contracts.Messages;

namespace Im.Session;

/// <summary>What a client may say of its device. The id is the client's own and means something only together with the user.</summary>
public static class DeviceRules
{
    public const int MaxLength = 64;

    /// <summary>What is wrong with it, or null.</summary>
    public static string? FaultOf(DeviceInfo? device)
    {
        if (device is null) return null;
        if (device.Id is not null && !IsDeviceId(device.Id)) return "a device id has 1 to 64 of A-Z a-z 0-9 _ - . :";
        if (!IsLabel(device.Name)) return "a device name has up to 64 characters, none of them control characters";
        return IsLabel(device.Platform) ? null : "a platform has up to 64 characters, none of them control characters";
    }

    private static bool IsDeviceId(string id) => Im.Protocol.Limits.IsClientMessageId(id);

    private static bool IsLabel(string? text) =>
        text is null || (UnicodeText.IsWellFormed(text) && !UnicodeText.HasControls(text) && UnicodeText.Length(text) <= MaxLength);
}
