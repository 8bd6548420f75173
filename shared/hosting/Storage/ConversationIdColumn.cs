using System.Data;
using Dapper;
using Im.Contracts;
using Npgsql;

namespace Im.Hosting.Storage;

/// <summary>Conversation ids in columns: uuid in PostgreSQL, its text in SQLite, which has no such type.</summary>
public sealed class ConversationIdColumn : SqlMapper.TypeHandler<ConversationId>
{
    public static void Register() => SqlMapper.AddTypeHandler(new ConversationIdColumn());

    public override void SetValue(IDbDataParameter parameter, ConversationId value)
    {
        var id = value.ToGuid();
        parameter.Value = parameter is NpgsqlParameter ? id : Text(id);
    }

    public override ConversationId Parse(object value) => ConversationId.FromGuid(value is Guid id ? id : Guid.Parse((string)value));

    public static string Text(Guid id) => id.ToString("D");
}
