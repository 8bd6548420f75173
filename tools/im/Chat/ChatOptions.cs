namespace Im.Tool.Chat;

/// <param name="Name">Who chats.</param>
/// <param name="Server">Null: what is running here.</param>
/// <param name="PasswordFromStdin">The first line of the input is the password.</param>
/// <param name="Register">An unknown name is registered without asking.</param>
internal sealed record ChatOptions(string Name, Uri? Server, bool PasswordFromStdin, bool Register);
