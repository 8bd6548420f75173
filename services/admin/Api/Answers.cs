using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Protocol;

namespace Im.Admin.Api;

/// <summary>How answers of services and the usual refusals become HTTP.</summary>
internal static class Answers
{
    /// <summary>Entries of one batch.</summary>
    public const int MaxBatch = 1000;

    public static IResult Invalid(string detail) => Problems.Of(StatusCodes.Status400BadRequest, Codes.Invalid, detail);

    public static IResult NoUser() => Problems.Of(StatusCodes.Status404NotFound, Codes.NotFound, "there is no such user");

    public static IResult NoGateway() => Problems.Of(StatusCodes.Status503ServiceUnavailable, Codes.Unavailable, "no gateway is running", 1000);

    public static IResult ToResult<T>(this CallResult<T> result, Func<T, IResult> answer)
        where T : class => result.Answer is { } ok ? answer(ok) : Problems.Of(result.Refused!);

    /// <summary>Runs <paramref name="then"/> with the id; an id that cannot be one is of nobody.</summary>
    public static Task<IResult> WithUserAsync(string userId, Func<long, Task<IResult>> then) =>
        Ids.TryParse(userId, out var id) ? then(id) : Task.FromResult(NoUser());
}
