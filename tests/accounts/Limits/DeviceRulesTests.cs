using Im.Contracts.Messages;
using Im.Session;

namespace Im.Accounts.Tests.Limits;

public sealed class DeviceRulesTests
{
    public static TheoryData<string, bool> DeviceIds => new()
    {
        { "a", true }, { "Az09_-.:", true }, { new string('x', 64), true },
        { "", false }, { new string('x', 65), false }, { "a b", false }, { "ä", false }, { "a/b", false }, { "a\0", false }, { "{a}", false }, { "*", false },
    };

    [Theory]
    [MemberData(nameof(DeviceIds))]
    public void A_device_id_has_1_to_64_plain_characters(string id, bool valid) => Assert.Equal(valid, DeviceRules.FaultOf(new(id, null, null)) is null);

    public static TheoryData<string, bool> Labels => new()
    {
        { "", true }, { "Ann's phone 😀", true }, { new string('x', 64), true }, { new string('x', 65), false }, { "a\nb", false }, { "a\uD800", false },
    };

    [Theory]
    [MemberData(nameof(Labels))]
    public void Name_and_platform_have_up_to_64_characters(string text, bool valid)
    {
        Assert.Equal(valid, DeviceRules.FaultOf(new DeviceInfo(null, text, null)) is null);
        Assert.Equal(valid, DeviceRules.FaultOf(new DeviceInfo(null, null, text)) is null);
    }

    [Fact]
    public void A_device_that_says_nothing_of_itself_is_fine()
    {
        Assert.Null(DeviceRules.FaultOf(null));
        Assert.Null(DeviceRules.FaultOf(new(null, null, null)));
    }
}
