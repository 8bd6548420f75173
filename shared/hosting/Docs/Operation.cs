using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Im.Hosting.Docs;

/// <summary>
/// What the OpenAPI document says of a route beyond what its signature says. It stands beside the route; a route without one fails a test. Refusals that
/// follow from the signature (a body that is not JSON, a missing session, a fault of ours) are added for all routes alike.
/// </summary>
/// <param name="Id">The operation's name for generated clients, in camel case.</param>
/// <param name="Tag">One of the tags of the door's <see cref="ApiDocument"/>.</param>
/// <param name="Summary">A few words for a list.</param>
/// <param name="Description">What it does, what it costs, what holds afterwards; plain sentences.</param>
public sealed record Operation(string Id, string Tag, string Summary, string Description)
{
    public required Answer Answer { get; init; }

    /// <summary>Another answer that is no problem document, with another status.</summary>
    public Answer? Otherwise { get; init; }

    /// <summary>An example of the request's body, as JSON; null where there is no body.</summary>
    public string? Body { get; init; }

    /// <summary>Refusals of this route: an HTTP status and the code of the problem.</summary>
    public IReadOnlyList<(int Status, string Code)> Problems { get; init; } = [];

    /// <summary>It gives no problems but its own: the health pages.</summary>
    public bool IsPlain { get; init; }
}

/// <summary>The answer of an operation that went well.</summary>
/// <param name="Json">An example of it; null where it has no body.</param>
public sealed record Answer(int Status, string Description, Type? Type = null, string? Json = null)
{
    public static Answer Ok<T>(string description, string json) => new(StatusCodes.Status200OK, description, typeof(T), json);

    public static Answer Created<T>(string description, string json) => new(StatusCodes.Status201Created, description, typeof(T), json);

    public static Answer NoContent(string description) => new(StatusCodes.Status204NoContent, description);
}

/// <summary>The routes behind it want what the door's security scheme says.</summary>
/// <param name="AreChangesLimited">Calls that change something are counted, and refused where they come too fast.</param>
public sealed record Secured(bool AreChangesLimited = false);

public static class OperationConventions
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, Operation operation)
    {
        route.WithMetadata(operation, Produces(operation.Answer));
        return operation.Otherwise is { } otherwise ? route.WithMetadata(Produces(otherwise)) : route;
    }

    private static ProducesResponseTypeMetadata Produces(Answer answer) =>
        new(answer.Status, answer.Type ?? typeof(void), answer.Type is null ? [] : ["application/json"]);
}
