using System.Data;
using Dapper;
using Im.Contracts;
using Npgsql;

namespace Im.Hosting.Storage;

/// <summary>Conversation ids in columns: uuid in PostgreSQL, its text in SQLite, which has no such type.</summary>
public sealed class ConversationIdColumn : SqlMapper.TypeHandler<ConversationId>
{
    public static void Register()
    {
        SqlMapper.AddTypeHandler(new ConversationIdColumn());
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.AddTypeHandler(new GuidColumn());
    }

    public override void SetValue(IDbDataParameter parameter, ConversationId value)
    {
        var id = value.ToGuid();
        parameter.Value = parameter is NpgsqlParameter ? id : Text(id);
    }

    public override ConversationId Parse(object value) => ConversationId.FromGuid(value is Guid id ? id : Guid.Parse((string)value));

    private static string Text(Guid id) => id.ToString("D");

    /// <summary>Other uuids, in the same two forms.</summary>
    private sealed class GuidColumn : SqlMapper.TypeHandler<Guid>
    {
        public override void SetValue(IDbDataParameter parameter, Guid value) => parameter.Value = parameter is NpgsqlParameter ? value : Text(value);

        public override Guid Parse(object value) => value is Guid id ? id : Guid.Parse((string)value);
    }
}
