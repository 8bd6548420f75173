using System.Globalization;

namespace Im.Tool;

/// <summary>The lines with which both 'up's end: where to go and with which key.</summary>
internal static class Announcement
{
    public static void Print(RunState state)
    {
        Console.WriteLine();
        Line("chat page", (state.EdgeUrls.Count > 0 ? state.EdgeUrls[0] : state.GatewayUrls[0]).ToString());
        if (state.EdgeUrls.Count > 0) Line("edge", string.Join(' ', state.EdgeUrls.Select(Bare)));
        if (state.EdgeUrls.Count > 0) Line("trust", state.EdgeCertificate);
        Line(state.GatewayUrls.Count > 1 ? "gateways" : "gateway", string.Join(' ', state.GatewayUrls.Select(Bare)));
        Line("admin", Bare(state.AdminUrl!));
        Line("admin key", state.AdminKey);
        Console.WriteLine();
    }

    /// <summary>A base URL as it is written before a path.</summary>
    public static string Bare(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static void Line(string name, string value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-10} {value}"));
}
