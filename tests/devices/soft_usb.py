"""A USB bus for pyusb made of software, with the standard reader on it; transfers are for subclasses."""

from typing import Any

from usb.backend import IBackend

from fieldkit.devices.sam_usb import PRODUCT, VENDOR


class _Fields:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


class SoftBus(IBackend):
    """One reader on a bus, with the descriptors that such a reader has."""

    def enumerate_devices(self):
        return iter(["reader"])

    def get_device_descriptor(self, dev):
        return _Fields(
            bLength=18, bDescriptorType=1, bcdUSB=0x110, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT,
            bcdDevice=0x63, iManufacturer=0, iProduct=0, iSerialNumber=0, bNumConfigurations=1,
            address=1, bus=1, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev, config):
        if config:
            raise IndexError
        return _Fields(
            bLength=9, bDescriptorType=2, wTotalLength=46, bNumInterfaces=1,
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0x80, bMaxPower=50,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev, intf, alt, config):
        if intf or alt:
            raise IndexError
        return _Fields(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=4, bInterfaceClass=0xFF, bInterfaceSubClass=0, bInterfaceProtocol=0,
            iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev, ep, intf, alt, config):
        return _Fields(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x02, 0x06, 0x81, 0x85)[ep],
            bmAttributes=2, wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0,
            extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev):
        return dev

    def close_device(self, dev_handle):
        return None

    def get_configuration(self, dev_handle):
        return 1

    def set_configuration(self, dev_handle, config_value):
        return None

    def claim_interface(self, dev_handle, intf):
        return None

    def release_interface(self, dev_handle, intf):
        return None

    def is_kernel_driver_active(self, dev_handle, intf):
        return False
