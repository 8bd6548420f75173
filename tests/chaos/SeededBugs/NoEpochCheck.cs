using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>A device has one route, and whoever changes it last is right: nothing asks which connection is the newer one.</summary>
internal static class NoEpochCheck
{
    public static SeededBug Bug { get; } = new()
    {
        Name = "no-epoch-check",
        Breaks = "The newer connection of a device counts. Here an older one that leaves late takes the route of the newer one along, which then gets nothing at once any "
            + "more, and one that registers late throws the newer one off.",
        IsSign = violation => violation.Kind is ViolationKind.Late && violation.What.Contains("while nothing was broken", StringComparison.Ordinal),
        Services = ["gateway"],
        Edits =
        [
            new("shared/hosting/Routes/register.lua", "    if tonumber(e) > tonumber(ARGV[4]) then return '!' end\n", ""),
            new("shared/hosting/Routes/remove.lua", "  if d == ARGV[1] and b == ARGV[2] and c == ARGV[3] then\n", "  if d == ARGV[1] then\n"),
        ],
    };
}
