using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// Customers with a contact of their own are put through to that person first. Everybody else, and every
    /// customer whose contact does not answer, goes to the support queue.
    /// </summary>
    public class VipRouting : ScriptBase<VipRouting>
    {
        private const string SupportQueue = "${var:SUPPORT_QUEUE}";

        /// <summary>The end of the caller's number, without country or area prefix, and the extension of the contact.</summary>
        private static readonly Dictionary<string, string> Contacts = new Dictionary<string, string>
        {
            ["79460331"] = "103",
            ["79460332"] = "103",
            ["49960417"] = "${var:DUTY_MANAGER}",
        };

        public override async void Start()
        {
            try
            {
                var caller = MyCall.Caller?.CallerID ?? string.Empty;
                var contact = FindContact(caller);
                var isConnected = false;
                if (contact != null)
                {
                    MyCall.Info($"{caller} is a customer of {contact}");
                    isConnected = await TryRouteAsync(contact, TimeSpan.FromSeconds(25));
                }
                if (!isConnected && ExecutionMode == ScriptExecutionMode.Active)
                {
                    isConnected = await TryRouteAsync(SupportQueue, TimeSpan.FromMinutes(10));
                }
                MyCall.Return(isConnected);
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
                MyCall.Return(false);
            }
        }

        /// <summary>Compares digits only: providers send +44 20 7946 0331, 00442079460331 and 02079460331 alike.</summary>
        private static string FindContact(string caller)
        {
            var digits = string.Concat(caller.Where(char.IsDigit));
            return Contacts.FirstOrDefault(entry => digits.EndsWith(entry.Key, StringComparison.Ordinal)).Value;
        }

        private async Task<bool> TryRouteAsync(string number, TimeSpan patience)
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                await MyCall.RouteToAsync(new RouteRequest
                {
                    RouteTarget = new DestinationStruct(pbx.GetDNByNumber(number)),
                    TimeOut = patience,
                });
                return true;
            }
            catch (Exception error)
            {
                MyCall.Info($"{number} did not take the call: {error.Message}");
                return false;
            }
        }
    }
}
