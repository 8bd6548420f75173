using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Abuse;

public sealed class HostileTextInStandalone(RunningSystems systems) : HostileTextSpec(systems.StandaloneAsync);

public sealed class HostileTextInFull(RunningSystems systems) : HostileTextSpec(systems.FullAsync);

/// <summary>Texts are kept to the letter and told as data; names, which stand among those of others, do not paint over them.</summary>
public abstract class HostileTextSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    public static TheoryData<string> Texts { get; } =
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "\u001b[31mred\u001b[0m\u0007", "\u202Egnp.exe", "a\r\nX: y",
        "'; DROP TABLE messages; --", "{{7*7}} ${7*7} #{7*7}", "{0} {UserId} %s %n", "a" + new string('\u0301', 8_000), "\u200B\uFEFF", "javascript:alert(1)",
        "http://169.254.169.254/latest/meta-data/",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    [Trait("abuse", "23")]
    [Trait("abuse", "28")]
    public async Task A_body_comes_back_to_the_letter_and_as_data(string text)
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await bob.LogInAsync(Cancel);
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(session, System.OtherGateway));
        var conversation = (await anns.SayAsync(To(bob), text)).Conversation;
        Assert.Equal(Encoding.UTF8.GetBytes(text), (await bobs.MessageAsync(text)).Body.ToArray());

        using var answer = await GetAsync(session, $"v1/conversations/{conversation}/messages");
        using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(text, page.RootElement.GetProperty("items")[0].GetProperty("body").GetString());
        IsData(answer);
    }

    [Theory]
    [InlineData("<b onclick=alert(1)>Ann</b>", true)]
    [InlineData("=cmd|' /C calc'!A0", true)]
    [InlineData("O'Brien \"; --", true)]
    [InlineData("Nguye\u0302\u0303n", true)]
    [InlineData("\u001b[31mAnn", false)]
    [InlineData("Ann\r\nX: y", false)]
    [InlineData("Z\u0300\u0301\u0302\u0303\u0304\u0305a", false)]
    [Trait("abuse", "23")]
    [Trait("abuse", "28")]
    public async Task A_name_and_a_title_are_kept_to_the_letter_or_refused(string text, bool kept)
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        using var api = System.Api(session);
        if (!kept)
        {
            Assert.Equal(Codes.Invalid, (await Assert.ThrowsAsync<ImApiException>(() => api.CreateGroupAsync(text, [], Cancel))).Code);
            Assert.Equal(Codes.Invalid, (await Assert.ThrowsAsync<ImApiException>(() => api.ChangeMeAsync(new(DisplayName: text), Cancel))).Code);
            return;
        }

        Assert.Equal(text, (await api.ChangeMeAsync(new(DisplayName: text), Cancel)).DisplayName);
        var group = await api.CreateGroupAsync(text, [], Cancel);
        Assert.Equal(text, (await api.GetConversationAsync(group, Cancel)).Title);
        foreach (var path in (string[])["v1/me", "v1/conversations"])
        {
            using var answer = await GetAsync(session, path);
            IsData(answer);
        }
    }

    private static void IsData(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
    }

    private async Task<HttpResponseMessage> GetAsync(ImSession session, string path)
    {
        using var http = Wire.NewClient(System.OtherGateway);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.SessionId);
        var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        return answer;
    }
}
