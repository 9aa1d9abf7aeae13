SELECT zjhm, bdcqzh, zl, jzmj, gyfe, gxsj FROM bdc_title WHERE zjhm = ?1
