using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Http;

/// <summary>Rejects requests without a valid API key. The response never contains the value that was sent.</summary>
internal sealed class BearerAuthentication(string apiKey)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _expectedHash = SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));

    public RequestDelegate Protect(RequestDelegate next) => http =>
    {
        string authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Unauthorized(http, "No API key was provided. Send it as a bearer token: Authorization: Bearer YOUR_API_KEY.");
        }

        var actualHash = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(actualHash, _expectedHash)
            ? next(http)
            : throw Unauthorized(http, "The API key provided is not the one of this emulator.");
    };

    private static ApiException Unauthorized(HttpContext http, string message)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return new ApiException(401, "invalid_request_error", message, code: "invalid_api_key");
    }
}
